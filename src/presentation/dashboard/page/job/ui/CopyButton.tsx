import { Icon } from '../../ui/Icon.tsx';
import { toast } from '../../ui/toasts.ts';

type Props = { readonly text: string; readonly label: string };

/** Copies a text and says that it did, or that the browser would not let it. */
export const CopyButton = ({ text, label }: Props) => {
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      toast('Copied.', 'good');
    } catch {
      toast('The browser does not allow it here; mark the text and copy it.', 'bad');
    }
  };
  return (
    <button type="button" class="button small plain" onClick={() => void copy()}>
      <Icon name="copy" /> {label}
    </button>
  );
};
