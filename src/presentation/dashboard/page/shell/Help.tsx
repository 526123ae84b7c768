import { signal } from '@preact/signals';
import { Dialog } from '../ui/Dialog.tsx';
import { shortcuts, shortcutsOn, useShortcut } from '../ui/shortcuts.ts';

export const helpIsOpen = signal(false);

const open = (): void => {
  helpIsOpen.value = true;
};
const close = (): void => {
  helpIsOpen.value = false;
};

/** The keys that work on this page. */
export const Help = () => {
  useShortcut('?', 'This help', open);
  if (!helpIsOpen.value) return null;
  return (
    <Dialog title="Keyboard" onClose={close}>
      <dl class="keys-list">
        {shortcuts.value.map(({ key, label }) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{label}</dd>
          </div>
        ))}
      </dl>
      <label class="check">
        <input
          type="checkbox"
          checked={shortcutsOn.value}
          onChange={(event) => {
            shortcutsOn.value = event.currentTarget.checked;
          }}
        />
        Single keys work (off where they get in the way of speech input)
      </label>
    </Dialog>
  );
};
