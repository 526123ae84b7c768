import { CONFIG_DIR_ENV, namesOf, SETTING_KEYS, type SettingNames } from './schema.ts';

/** Every setting by its names, form, default and meaning: for the command line's flags and for the docs. */
export const settingReference = (): readonly SettingNames[] => SETTING_KEYS.map(namesOf);

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** @returns docs/configuration.md, whole. Written from the schema, so that the two cannot differ. */
export const configurationDoc = (): string => {
  const rows = settingReference().map(
    (s) =>
      `| \`${s.env}\` | \`${s.file}\` | ${s.secret ? '-' : `\`${s.flag}\``} | ${cell(s.form)} | ${cell(s.fallback)} | ${cell(s.description)} |`,
  );
  return `# Configuration

Written from \`src/infrastructure/config/schema.ts\` by \`reference.ts\`; \`npx vitest run test/infrastructure/config -u\` writes it anew.

A setting may be named in four places. The first of them that names it wins:

1. the environment,
2. a file in the configuration folder: \`.env\` (same names as in the environment), then \`config.json\` (names of the second column),
3. a flag of the command,
4. the default.

The configuration folder is \`${CONFIG_DIR_ENV}\` (an absolute path, set in the environment only), else the user's folder for \`claude-orchestrator\` (\`~/.config/claude-orchestrator\` on Linux). Nothing is read from a workspace or from the folder the server is started in. Empty variables count as not set. A name that is not a setting is an error in the files and a warning in the environment; a flag that loses is warned about.

\`claude-orchestrator config explain\` shows every setting, its value and where it comes from. All that is wrong is told at once, before anything starts.

| Environment, \`.env\` | config.json | Flag | Value | Default | Meaning |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

## Rules over the values

- \`ORCHESTRATOR_MAX_WORKERS\` above the number of cores is a warning: workers wait on the network most of the time, so it can be right. Above 8 for each core, or above what the free memory holds at 250 MB a worker, it is an error.
- The state folder and the worktrees folder may not lie in each other, and no allowed root may lie in either: workers write in worktrees and never in the state folder.
- The root of a file system is never an allowed root.
- \`ORCHESTRATOR_PORT_BASE\` leaves room for 20 ports for each worker.
`;
};
