import type { ClientChange, ClientRegistry } from '../../application/clients.ts';
import type { OrchestratorError } from '../../domain/errors/index.ts';
import { commandText, withoutSecrets } from './changeText.ts';
import type { SetupDeps } from './setupDeps.ts';
import { painter, printable } from './terminal.ts';

export type Wish = 'add' | 'remove';

/** What became of one client. */
export type Done = {
  readonly change: ClientChange;
  readonly written: boolean;
  readonly backup?: string | undefined;
  readonly error?: OrchestratorError;
};

/** What a person should know beforehand, on stderr. */
export const warn = (deps: SetupDeps, warnings: readonly string[]): void => {
  const paint = painter(deps.color.stderr);
  for (const text of warnings) deps.stderr(`${paint('yellow', 'warning:')} ${printable(text)}\n`);
};

/** Says what was done, and the allow rule where Claude Code was among the clients. */
export const report = async (
  deps: SetupDeps,
  wish: Wish,
  o: { readonly json: boolean },
  done: readonly Done[],
  registry: ClientRegistry,
): Promise<void> => {
  // Loaded late: the tools bring every schema along.
  const { allowRule } = await import('./allowRule.ts');
  const rule =
    wish === 'add' && done.some(({ change }) => change.client === 'claude-code') ? allowRule() : undefined;
  if (o.json) {
    const warnings = wish === 'add' ? registry.launch.warnings : [];
    deps.stdout(`${JSON.stringify({ clients: done.map(wire), warnings, allow_rule: rule }, null, 2)}\n`);
    return;
  }
  const paint = painter(deps.color.stderr);
  for (const { change, written, backup, error } of done) {
    if (error !== undefined) {
      deps.stderr(
        `${paint('red', 'error:')} ${printable(`${change.title}: ${error.message} ${error.hint}`)}\n`,
      );
    } else if (written) {
      const copy = backup === undefined ? '' : ` The file as it was: ${printable(backup)}`;
      deps.stdout(`${change.title}: done.${copy}\n`);
    }
  }
  if (wish === 'add' && done.some(({ written }) => written))
    deps.stdout('Start the client anew to see the server.\n');
  if (rule !== undefined) {
    deps.stdout(
      `To be asked about nothing that only looks, put this line into ~/.claude/settings.json:\n  ${rule}\n`,
    );
  }
};

const wire = ({ change, written, backup, error }: Done) => ({
  client: change.client,
  file: change.file,
  action: change.action,
  entry: { before: withoutSecrets(change.entry.before), after: withoutSecrets(change.entry.after) },
  commands: change.commands.map(commandText),
  written,
  backup,
  error: error?.toRecord(),
});
