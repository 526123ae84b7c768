import type { Language } from '../language.ts';
import { type Finding, high, type Invocation } from '../rule.ts';

/** What another command hands an interpreter: no text shows it. */
export const unknownInput = (name: string): Finding =>
  high('dynamic-script', `${name} runs what another command hands it`);

/** `bash < file`. */
export const redirected = ({ stdin }: Invocation, as: 'shell' | Language): readonly Finding[] =>
  stdin.kind === 'none' && stdin.file !== undefined ? [{ is: 'execute', path: stdin.file, as }] : [];
