import { useScene } from '../jobContext.ts';
import { CopyButton } from '../ui/CopyButton.tsx';

/** What a person is wanted for; it stands before everything else. */
export const Attention = () => {
  const attention = useScene().store.job.value?.attention;
  if (attention === undefined) return null;
  return (
    <div class="job-attention" role="alert">
      <strong>You are wanted</strong>
      <p>{attention.reason}</p>
      {attention.refs.map((ref) => (
        <p key={ref} class="job-ref">
          <code>{ref}</code> <CopyButton text={ref} label="Copy" />
        </p>
      ))}
    </div>
  );
};
