import { readFileSync, statSync } from 'node:fs';
import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { ConfigurationError } from '../../domain/errors/index.ts';
import { type PolicyFile, policySchema } from '../../domain/safety/policy/schema.ts';
import { codeOf } from '../process/codeOf.ts';

const FILE_BYTES = 1024 * 1024;
const PROBLEMS_SHOWN = 20;
const HINT =
  'Correct the named places; `claude-orchestrator policy check <file>` tells whether it is good, docs/safety.md has every field.';

const invalid = (name: string, problems: readonly string[]): ConfigurationError => {
  const rest = problems.length - PROBLEMS_SHOWN;
  const shown = [...problems.slice(0, PROBLEMS_SHOWN), ...(rest > 0 ? [`and ${rest} more`] : [])];
  const [first = ''] = shown;
  return new ConfigurationError(
    problems.length === 1 ? first : `${name} has ${problems.length} mistakes:\n  ${shown.join('\n  ')}`,
    { hint: HINT, context: { problems: shown } },
  );
};

/** Where a value stands, or the last thing on the way to it that there is; characters. */
const offsetOf = (
  document: Document.Parsed,
  path: readonly PropertyKey[],
  key: string | undefined,
): number => {
  let node: unknown = document.contents;
  let offset = 0;
  for (const part of path) {
    if (isNode(node)) offset = node.range?.[0] ?? offset;
    if (isSeq(node) && typeof part === 'number') node = node.items[part];
    else if (isMap(node)) node = node.get(part, true);
    else return offset;
  }
  if (isNode(node)) offset = node.range?.[0] ?? offset;
  if (key === undefined || !isMap(node)) return offset;
  const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
  return isScalar(pair?.key) ? (pair.key.range?.[0] ?? offset) : offset;
};

const where = (path: readonly PropertyKey[]): string =>
  path
    .map((part, at) => (typeof part === 'number' ? `[${part}]` : `${at === 0 ? '' : '.'}${String(part)}`))
    .join('');

type Found = {
  readonly path: readonly PropertyKey[];
  readonly key: string | undefined;
  readonly text: string;
};

const found = (issue: z.core.$ZodIssue): readonly Found[] =>
  issue.code === 'unrecognized_keys'
    ? issue.keys.map((key) => ({ path: issue.path, key, text: 'there is no such field' }))
    : [{ path: issue.path, key: undefined, text: issue.message }];

/**
 * A policy from YAML or JSON.
 * @param name of the file, for messages.
 * @throws ConfigurationError naming line and column of each mistake.
 */
export const parsePolicy = (text: string, name: string): PolicyFile => {
  const lines = new LineCounter();
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${name}:${line}:${col}`;
  };
  let document: Document.Parsed;
  let value: unknown;
  try {
    document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
    if (document.errors.length === 0) value = document.toJS({ maxAliasCount: 0 });
  } catch (error) {
    // Aliases, nesting without end: the parser says so by throwing.
    throw invalid(name, [
      `${name}: it cannot be read: ${error instanceof Error ? error.message : 'unknown'}`,
    ]);
  }
  if (document.errors.length > 0)
    throw invalid(
      name,
      document.errors.map(({ message, pos }) => `${at(pos[0])}: ${message}`),
    );
  const parsed = policySchema.safeParse(value, { reportInput: false });
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues
    .flatMap(found)
    .map(({ path, key, text: message }) => ({ offset: offsetOf(document, path, key), path, key, message }))
    .sort((a, b) => a.offset - b.offset)
    .map(({ offset, path, key, message }) => {
      const place = where(key === undefined ? path : [...path, key]);
      return `${at(offset)}: ${place === '' ? '' : `${place}: `}${message}`;
    });
  throw invalid(name, problems);
};

/** @throws ConfigurationError where it is not there, cannot be read, or is wrong. */
export const readPolicyFile = (file: string): PolicyFile => {
  let text: string;
  try {
    if (statSync(file).size > FILE_BYTES)
      throw invalid(file, [`${file}: it has more than ${FILE_BYTES} bytes`]);
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    throw new ConfigurationError(`The policy file ${file} cannot be read (${codeOf(error)}).`, {
      hint: 'Check its name and its rights, or take it out of the setting `policy`.',
      cause: error,
    });
  }
  return parsePolicy(text.replace(/^\uFEFF/u, ''), file);
};
