/** What a worker can do instead, by the reason's code. The refusal's second half. */
const ADVICE: Readonly<Record<string, string>> = {
  'outside-write': 'write inside your worktree by a relative path, or to /tmp from a shell command',
  'outside-read': 'read only inside your worktree and the workspace',
  'protected-path':
    'leave git, Claude and MCP configuration as they are and say in your summary what they need',
  'protected-root': 'leave the orchestrator alone and go on with your task',
  'shell-profile': 'set the variable in the command itself',
  'secret-read': 'do without credentials, or say in your summary which ones the task needs',
  'unresolved-path': 'name the file by its plain path inside your worktree, without links and ".."',
  delete: 'leave the file and say in your summary that it can go, or empty or rewrite it by an edit',
  'git-discard': 'commit what you have and go on from there, or edit the files back by hand',
  'git-history': 'commit on top; the orchestrator merges your branch and cleans up',
  'git-remote': 'leave the remote alone; the orchestrator hands your branch over',
  'git-config': 'pass the setting to one command by environment or option, or do without it',
  'dynamic-command': 'write the command out word by word, without variables or substitutions in its name',
  'dynamic-script': 'write the script out, and pass values as arguments: sh -c \'… "$1"\' _ "$value"',
  'download-run': 'download to a file in your worktree, read it, then decide; or use the package manager',
  'inline-code': 'put the code into a file of your worktree, or use the file tools for what it does',
  privilege: 'do it without privileges, or say in your summary what a person has to install',
  unparsable: 'write a simpler command; use the file tools for long texts',
  'too-complex': 'split it into several shorter commands',
  'unknown-tool': 'use Read, Edit, Write, Grep, Glob or Bash',
  'leave-worktree': 'stay in your worktree; the orchestrator makes worktrees and branches',
  database: 'use SELECT, or put the change into a migration file that a person applies',
  'remote-destroy': 'say in your summary what should be removed, so that a person can do it',
  'history-rewrite': 'leave shared branches as they are; commit on top and let the orchestrator merge',
  'own-state': 'leave the orchestrator alone and go on with your task',
  'own-commands': 'leave the orchestrator alone: decisions are for the person who watches it',
  disk: 'leave disks as they are and say in your summary what a person has to do',
  publish: 'say in your summary what is ready to be published, so that a person can do it',
  containers:
    'leave containers, images and volumes that are not yours; stop your own by `docker compose down`',
  'service-destroy': 'leave what the service keeps, or make test data of your own under a new name',
  permissions: 'give rights to the owner alone, as `chmod u+x` does',
  environment: 'run the command with the environment as it is',
  network: 'do without that connection, or say in your summary what you needed from it',
  system: 'leave the machine as it is and say in your summary what a person has to do',
};

export const adviceFor = (code: string): string =>
  ADVICE[code] ?? 'find a way that does not need it, or say in your summary what a person has to do';
