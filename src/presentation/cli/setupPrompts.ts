import type { Readable, Writable } from 'node:stream';
import { confirm, isCancel, multiselect } from '@clack/prompts';
import type { ClientId } from '../../application/clients.ts';
import type { SetupPrompts } from './setupDeps.ts';

/** Prompts on `output`, so that stdout stays for results. */
export const setupPrompts = (input: Readable, output: Writable): SetupPrompts => ({
  async choose(message, choices) {
    const answer = await multiselect<ClientId>({
      message,
      options: choices.map(({ value, label }) => ({ value, label })),
      initialValues: choices.map(({ value }) => value),
      required: false,
      input,
      output,
    });
    return isCancel(answer) ? [] : answer;
  },
  async confirm(message) {
    const answer = await confirm({ message, initialValue: false, input, output });
    return answer === true;
  },
});
