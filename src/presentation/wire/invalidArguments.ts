import type { z } from 'zod';
import { TaskValidationError } from '../../domain/errors/index.ts';
import { inertLine } from './inertText.ts';

/** A list of a caller's mistakes stays readable; whoever made more has to look at the schema anyway. */
const SHOWN = 20;

const pathOf = (path: readonly PropertyKey[]): string =>
  path
    .map((part, at) =>
      typeof part === 'number' ? `[${part}]` : `${at === 0 ? '' : '.'}${inertLine(String(part), 60)}`,
    )
    .join('');

const problemsOf = (issue: z.core.$ZodIssue): readonly string[] => {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `${pathOf([...issue.path, key])}: there is no such field`);
  }
  const path = pathOf(issue.path);
  return [path === '' ? issue.message : `${path}: ${issue.message}`];
};

/**
 * Turns zod's issues into one error that names every field by its wire path.
 */
export const invalidArguments = (what: string, error: z.ZodError): TaskValidationError => {
  const problems = error.issues.flatMap(problemsOf);
  const rest = problems.length - SHOWN;
  const shown = problems.slice(0, SHOWN).join('; ') + (rest > 0 ? `; and ${rest} more` : '');
  return new TaskValidationError(`Invalid arguments for ${what}: ${shown}.`, {
    hint: 'Correct the named fields and call again; nothing was started.',
  });
};

/** What a caller gave, as the schema has it. @throws TaskValidationError naming the fields */
export const read = <S extends z.ZodType>(what: string, schema: S, input: unknown): z.output<S> => {
  const parsed = schema.safeParse(input);
  if (!parsed.success) throw invalidArguments(what, parsed.error);
  return parsed.data;
};
