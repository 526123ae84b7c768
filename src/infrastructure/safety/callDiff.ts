import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { TOOL_RULES, textField } from '../../domain/safety/tools.ts';
import type { ToolCall } from '../../domain/safety/verdict.ts';

const MOST_CHARACTERS = 200_000;
const MOST_BYTES = 5 * 1024 * 1024;
/** Before git's first hunk: names and modes. */
const HEADER_CHARACTERS = 10_000;
const TIMEOUT_MS = 20_000;

const editSchema = z.object({
  old_string: z.string(),
  new_string: z.string(),
  replace_all: z.boolean().optional(),
});
const editsSchema = z.object({ edits: z.array(editSchema) });
type Edit = z.infer<typeof editSchema>;

const applied = (text: string, { old_string, new_string, replace_all }: Edit): string => {
  if (old_string === '') return text === '' ? new_string : text;
  // A function, so that `$&` in the new text stays what it is.
  return replace_all === true
    ? text.replaceAll(old_string, () => new_string)
    : text.replace(old_string, () => new_string);
};

/** What the file would hold; undefined for a tool that writes no whole text. */
const wantedOf = ({ input }: ToolCall, present: string): string | undefined => {
  const content = textField(input, 'content') ?? textField(input, 'new_source');
  if (content !== undefined) return content;
  const one = editSchema.safeParse(input);
  if (one.success) return applied(present, one.data);
  const many = editsSchema.safeParse(input);
  return many.success ? many.data.edits.reduce(applied, present) : undefined;
};

const presentOf = async (file: string): Promise<string | undefined> => {
  try {
    const found = await stat(file);
    return found.isFile() && found.size <= MOST_BYTES ? await readFile(file, 'utf8') : undefined;
  } catch {
    return '';
  }
};

/** Git takes a text with a NUL at its beginning for none. */
const TEXT_PROBE = 8_000;

/** The hunk of a new file as git writes it. No process, and no more of it than is shown: it may be megabytes. */
const hunkOfNew = (wanted: string): string | undefined => {
  if (wanted === '' || wanted.slice(0, TEXT_PROBE).includes('\0')) return undefined;
  let lines = wanted.endsWith('\n') ? 0 : 1;
  for (let at = wanted.indexOf('\n'); at !== -1; at = wanted.indexOf('\n', at + 1)) lines += 1;
  const shown = wanted.slice(0, MOST_CHARACTERS);
  const end = wanted.endsWith('\n') ? '' : '\n\\ No newline at end of file';
  const text = shown.endsWith('\n') ? shown.slice(0, -1) : shown;
  return `@@ -0,0 +1${lines === 1 ? '' : `,${lines}`} @@\n+${text.replaceAll('\n', '\n+')}${end}`;
};

/** The hunks between two texts, or the first of them where nobody would read on. */
const hunksOf = async (present: string, wanted: string, signal: AbortSignal): Promise<string | undefined> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'approval-diff-'));
  try {
    const [before, after] = [path.join(folder, 'before'), path.join(folder, 'after')];
    await writeFile(before, present, { mode: 0o600 });
    await writeFile(after, wanted, { mode: 0o600 });
    const { exitCode, isMaxBuffer, stdout } = await execa(
      'git',
      ['diff', '--no-index', '--no-ext-diff', '--no-textconv', '--no-color', '--', before, after],
      {
        cwd: folder,
        env: {
          PATH: process.env.PATH,
          LC_ALL: 'C',
          GIT_CONFIG_NOSYSTEM: '1',
          GIT_CONFIG_GLOBAL: '/dev/null',
        },
        extendEnv: false,
        reject: false,
        stdin: 'ignore',
        timeout: TIMEOUT_MS,
        // What is longer is not shown, so git need not go on.
        maxBuffer: MOST_CHARACTERS + HEADER_CHARACTERS,
        cancelSignal: signal,
      },
    );
    signal.throwIfAborted();
    const start = stdout.search(/^@@ /mu);
    // 1: they differ. A diff without lines is of texts that are none.
    if ((exitCode !== 1 && !isMaxBuffer) || start === -1) return undefined;
    return stdout.slice(start);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** Unified diff of what a file tool would write; undefined where there is nothing to show. */
export const callDiff = async (
  call: ToolCall,
  cwd: string,
  signal: AbortSignal,
): Promise<string | undefined> => {
  const rule = TOOL_RULES.get(call.tool);
  if (rule?.acts !== 'write') return undefined;
  const named = textField(call.input, rule.path);
  if (named === undefined) return undefined;
  const present = await presentOf(path.resolve(cwd, named));
  if (present === undefined) return undefined;
  const isCell = call.tool === 'NotebookEdit';
  const wanted = wantedOf(call, isCell ? '' : present);
  if (wanted === undefined || wanted.length > MOST_BYTES) return undefined;
  const before = isCell ? '' : present;
  const hunks = before === '' ? hunkOfNew(wanted) : await hunksOf(before, wanted, signal);
  return hunks === undefined ? undefined : `--- ${named}\n+++ ${named}\n${hunks}`.slice(0, MOST_CHARACTERS);
};
