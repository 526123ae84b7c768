import { useState } from 'preact/hooks';

export type Action = { readonly isBusy: boolean; readonly error: unknown; readonly run: () => void };

/** A step that a press begins: busy until it is over, and its error kept for showing until the next try. */
export const useAction = (step: () => Promise<void>): Action => {
  const [state, set] = useState<{ readonly isBusy: boolean; readonly error: unknown }>({
    isBusy: false,
    error: undefined,
  });
  const run = (): void => {
    if (state.isBusy) return;
    set({ isBusy: true, error: undefined });
    step().then(
      () => set({ isBusy: false, error: undefined }),
      (error: unknown) => set({ isBusy: false, error }),
    );
  };
  return { ...state, run };
};
