import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
} from 'yaml';
import type { z } from 'zod';
import { FileSystemError, TaskValidationError } from '../../../domain/errors/index.ts';
import { type PlanFile, planFileSchema } from './planSchema.ts';

/** 500 tasks with long prompts are a tenth of it. */
const FILE_BYTES = 16 * 1024 * 1024;
const PROBLEMS_SHOWN = 20;

const HINT = 'Mend the named places; `claude-orchestrator run --help` shows where the format is described.';

const invalid = (name: string, problems: readonly string[]): TaskValidationError => {
  const rest = problems.length - PROBLEMS_SHOWN;
  const shown = [...problems.slice(0, PROBLEMS_SHOWN), ...(rest > 0 ? [`and ${rest} more`] : [])];
  return new TaskValidationError(
    problems.length === 1
      ? `${problems[0]}`
      : `${name} has ${problems.length} mistakes:\n  ${shown.join('\n  ')}`,
    { hint: HINT },
  );
};

const pathText = (path: readonly PropertyKey[]): string =>
  path
    .map((part, at) => (typeof part === 'number' ? `[${part}]` : `${at === 0 ? '' : '.'}${String(part)}`))
    .join('');

/** Where the value of a path stands, or the last thing on the way to it that there is; characters. */
const offsetOf = (
  document: Document.Parsed,
  path: readonly PropertyKey[],
  key: string | undefined,
): number => {
  let node: unknown = document.contents;
  let offset = 0;
  for (const part of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isNode(node)) offset = node.range?.[0] ?? offset;
    if (isSeq(node) && typeof part === 'number') node = node.items[part];
    else if (isMap(node)) node = node.get(part, true);
    else return offset;
  }
  if (isAlias(node)) node = node.resolve(document);
  if (isNode(node)) offset = node.range?.[0] ?? offset;
  if (key === undefined || !isMap(node)) return offset;
  const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
  return isScalar(pair?.key) ? (pair.key.range?.[0] ?? offset) : offset;
};

const problemsOf = (
  name: string,
  document: Document.Parsed,
  lines: LineCounter,
  issues: readonly z.core.$ZodIssue[],
): readonly string[] => {
  const placed = (path: readonly PropertyKey[], key: string | undefined, text: string) => {
    const offset = offsetOf(document, path, key);
    const { line, col } = lines.linePos(offset);
    const where = pathText(key === undefined ? path : [...path, key]);
    return { offset, text: `${name}:${line}:${col}: ${where === '' ? '' : `${where}: `}${text}` };
  };
  return issues
    .flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => placed(issue.path, key, 'there is no such field'))
        : [placed(issue.path, undefined, issue.message)],
    )
    .sort((a, b) => a.offset - b.offset)
    .map(({ text }) => text);
};

/** Aliases of nothing: the parser finds them only when it makes values, and does not say where. */
const lostAliases = (document: Document.Parsed): readonly { message: string; at: number }[] => {
  const lost: { message: string; at: number }[] = [];
  visit(document, {
    Alias: (_key, node) => {
      if (node.resolve(document) !== undefined) return;
      lost.push({ message: `there is no anchor &${node.source} before it`, at: node.range?.[0] ?? 0 });
    },
  });
  return lost;
};

/**
 * A plan from YAML or JSON.
 * @param name of the file, for messages.
 * @throws TaskValidationError naming line and column of each mistake.
 */
export const parsePlan = (text: string, name: string): PlanFile => {
  const lines = new LineCounter();
  let document: Document.Parsed;
  let value: unknown;
  try {
    document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
    const broken = [
      ...document.errors.map(({ message, pos }) => ({ message, at: pos[0] })),
      ...lostAliases(document),
    ];
    if (broken.length > 0) {
      const problems = broken.map(({ message, at }) => {
        const { line, col } = lines.linePos(at);
        return `${name}:${line}:${col}: ${message}`;
      });
      throw invalid(name, problems);
    }
    value = document.toJS();
  } catch (error) {
    if (error instanceof TaskValidationError) throw error;
    // Aliases without end, nesting without end: the parser says so by throwing.
    throw invalid(name, [
      `${name}: it cannot be read: ${error instanceof Error ? error.message : 'unknown'}`,
    ]);
  }
  const parsed = planFileSchema.safeParse(value, { reportInput: false });
  if (!parsed.success) throw invalid(name, problemsOf(name, document, lines, parsed.error.issues));
  const { $schema: _, ...plan } = parsed.data;
  return plan;
};

const textOf = async (path: string): Promise<string> => {
  try {
    const { size } = await stat(path);
    if (size > FILE_BYTES) {
      throw new TaskValidationError(`The plan file has ${size} bytes; ${FILE_BYTES} are the most.`, {
        hint: 'Split the plan into several jobs.',
      });
    }
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof TaskValidationError) throw error;
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new FileSystemError(`The plan file ${path} cannot be read${code}.`, {
      hint: 'Check its name; `-` reads the plan from standard input.',
      cause: error,
    });
  }
};

/**
 * Reads a plan file, or standard input for `-`. A relative workspace becomes absolute, from the file's folder on.
 * @param folder absolute: where a relative `path` starts.
 * @throws FileSystemError, TaskValidationError
 */
export const readPlan = async (
  path: string,
  folder: string,
  stdin: () => Promise<string>,
): Promise<PlanFile> => {
  const fromStdin = path === '-';
  const file = resolve(folder, path);
  const plan = parsePlan(fromStdin ? await stdin() : await textOf(file), fromStdin ? 'standard input' : path);
  if (plan.workspace === undefined) return plan;
  return { ...plan, workspace: resolve(fromStdin ? folder : dirname(file), plan.workspace) };
};
