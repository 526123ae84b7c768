import { visibleAround } from '../../domain/visibleText.ts';
import type { ApprovalRow } from './approval.ts';

type Reasons = ApprovalRow['reasons'];

const GRAVE: ReadonlySet<string> = new Set(['HIGH', 'CRITICAL']);

/** The reasons for which one is asked; all of them where none is grave. The others would only drown them. */
export const graveOf = (reasons: Reasons): Reasons => {
  const grave = reasons.filter(({ risk }) => GRAVE.has(risk));
  return grave.length === 0 ? reasons : grave;
};

/** A request's command on one line of at most `maxCharacters`, cut around what it is about, however it is padded. */
export const dangerLineOf = (
  { command, reasons }: Pick<ApprovalRow, 'command' | 'reasons'>,
  maxCharacters: number,
): string => visibleAround(command, reasons[0]?.span ?? '', maxCharacters);
