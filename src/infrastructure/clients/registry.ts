import { access } from 'node:fs/promises';
import {
  CLIENT_IDS,
  type ClientChange,
  type ClientId,
  type ClientRegistry,
  SERVER_NAME,
} from '../../application/clients.ts';
import { FileSystemError } from '../../domain/errors/index.ts';
import { editing } from './brokenText.ts';
import { addCommand, removeCommand, runClaude } from './claudeCode.ts';
import { backUp, hasBackup, mustBeWritable, readConfigFile, replaceFile } from './configFile.ts';
import { editsOf, FORMATS, writtenForm } from './formats.ts';
import { type LaunchInput, launchOf, userProgram, withPath } from './launch.ts';
import { clientPlaces, type Machine } from './places.ts';
import { sameValue } from './sameValue.ts';

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

/** The clients of this user on this machine. Nothing is read or written before it is asked for. */
export const createClientRegistry = (machine: Machine & LaunchInput): ClientRegistry => {
  const places = clientPlaces(machine);
  const launch = launchOf(machine);
  const claude = (): string | undefined => userProgram('claude', machine);

  const plan = async (client: ClientId, wish: 'add' | 'remove'): Promise<ClientChange> => {
    const format = FORMATS[client];
    const edits = editsOf(format);
    const { file } = places[client];
    const before = (await readConfigFile(file)) ?? '';
    const base = { client, title: format.title, file, before };
    const program = client === 'claude-code' ? claude() : undefined;
    const existing = editing(file, () => edits.read(before, format.container, SERVER_NAME));
    if (wish === 'remove') {
      const entry = { before: existing, after: undefined };
      if (existing === undefined) return { ...base, action: 'none', after: before, entry, commands: [] };
      await mustBeWritable(file);
      const after = editing(file, () => edits.remove(before, format.container, SERVER_NAME));
      const commands = program === undefined ? [] : [[program, ...removeCommand]];
      return { ...base, action: 'remove', after, entry, commands };
    }
    const started = format.barePath ? withPath(launch.entry, machine) : launch.entry;
    const written = writtenForm(format, started, existing);
    const entry = { before: existing, after: written };
    if (sameValue(existing, written)) {
      return { ...base, action: 'none', after: before, entry, commands: [] };
    }
    await mustBeWritable(file);
    const after = editing(file, () => edits.put(before, format.container, SERVER_NAME, written));
    const add = program === undefined ? [] : [[program, ...addCommand(written)]];
    // The CLI adds no name that it has already.
    const clear = program === undefined || existing === undefined ? [] : [[program, ...removeCommand]];
    const action = existing === undefined ? 'add' : 'replace';
    return { ...base, action, after, entry, commands: [...clear, ...add] };
  };

  return {
    titles: {
      'claude-desktop': FORMATS['claude-desktop'].title,
      'claude-code': FORMATS['claude-code'].title,
      cursor: FORMATS.cursor.title,
      vscode: FORMATS.vscode.title,
      codex: FORMATS.codex.title,
    },
    launch,
    async found() {
      const there = await Promise.all(
        CLIENT_IDS.map(async (client) => {
          const signs = await Promise.all(places[client].signs.map(exists));
          return signs.includes(true) || (client === 'claude-code' && claude() !== undefined);
        }),
      );
      return CLIENT_IDS.filter((_client, index) => there[index] === true);
    },
    plan,
    async apply(change) {
      const { file, before, after, commands } = change;
      if (change.action === 'none') return { backup: undefined };
      // A file of which nothing is left was made by setup, unless setup once found it there.
      const gone = after.trim() === '' && !(await hasBackup(file));
      const backup = await backUp(file);
      if (commands.length === 0) {
        await replaceFile(file, before, gone ? undefined : after);
        return { backup };
      }
      for (const command of commands) await runClaude(command, machine.env);
      const left = await plan(change.client, change.action === 'remove' ? 'remove' : 'add');
      if (left.action === 'none') return { backup };
      throw new FileSystemError(`${file} does not say what Claude Code was told.`, {
        hint: `See \`claude mcp get ${SERVER_NAME}\`${backup === undefined ? '' : `; the file as it was is ${backup}`}.`,
      });
    },
  };
};
