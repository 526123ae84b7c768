import type { ClientId, ClientRegistry } from '../../application/clients.ts';

/** Asks a person at a terminal; an answer that is not given (Ctrl-C) is none, and a no. */
export type SetupPrompts = {
  readonly choose: (
    question: string,
    choices: readonly { readonly value: ClientId; readonly label: string }[],
  ) => Promise<readonly ClientId[]>;
  readonly confirm: (question: string) => Promise<boolean>;
};

export type SetupDeps = {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly color: { readonly stdout: boolean; readonly stderr: boolean };
  readonly clients: () => Promise<ClientRegistry>;
  /** Undefined where there is nobody to ask. */
  readonly prompts: (() => Promise<SetupPrompts>) | undefined;
};
