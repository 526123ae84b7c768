import { high, type Rule, type RuleTable } from '../rule.ts';
import { AGENT_RULES } from './agents.ts';
import { ARCHIVE_RULES } from './archives.ts';
import { BUILD_RULES } from './builds.ts';
import { BUILTIN_RULES } from './builtins.ts';
import { CLOUD_RULES } from './cloud.ts';
import { CONTAINER_RULES } from './containers.ts';
import { DATABASE_RULES } from './database.ts';
import { DEFAULT_RULE, ORDINARY, OWN_PROGRAM_RULE } from './default.ts';
import { DELETE_RULES } from './deletes.ts';
import { DISK_RULES } from './disks.ts';
import { FILE_RULES } from './files.ts';
import { FIND_RULES } from './find.ts';
import { FRAMEWORK_RULES } from './frameworks.ts';
import { GIT_RULES } from './git.ts';
import { INTERPRETER_RULES } from './interpreters.ts';
import { KEY_RULES } from './keys.ts';
import { LAUNCHER_RULES } from './launchers.ts';
import { LINK_RULES } from './links.ts';
import { NETWORK_RULES } from './network.ts';
import { NIX_RULES } from './nix.ts';
import { PACKAGE_RULES } from './packages.ts';
import { READ_ONLY_RULES } from './readOnly.ts';
import { REMOTE_SHELL_RULES } from './remoteShells.ts';
import { SCRIPT_RUNTIME_RULES } from './scriptRuntimes.ts';
import { SERVER_RULES } from './servers.ts';
import { SESSION_RULES } from './sessions.ts';
import { SHELL_RULES } from './shells.ts';
import { SYSTEM_RULES } from './system.ts';
import { TEXT_RULES } from './text.ts';
import { WATCHER_RULES } from './watchers.ts';
import { WINDOWS_RULES } from './windows.ts';
import { WRAPPER_RULES } from './wrappers.ts';

const TABLES: readonly RuleTable[] = [
  READ_ONLY_RULES,
  TEXT_RULES,
  BUILTIN_RULES,
  FILE_RULES,
  ARCHIVE_RULES,
  LINK_RULES,
  DELETE_RULES,
  DISK_RULES,
  FIND_RULES,
  GIT_RULES,
  WRAPPER_RULES,
  LAUNCHER_RULES,
  REMOTE_SHELL_RULES,
  SHELL_RULES,
  INTERPRETER_RULES,
  SCRIPT_RUNTIME_RULES,
  NETWORK_RULES,
  PACKAGE_RULES,
  NIX_RULES,
  BUILD_RULES,
  DATABASE_RULES,
  CLOUD_RULES,
  CONTAINER_RULES,
  SYSTEM_RULES,
  KEY_RULES,
  SERVER_RULES,
  WINDOWS_RULES,
  FRAMEWORK_RULES,
  SESSION_RULES,
  WATCHER_RULES,
  AGENT_RULES,
];

const RULES: ReadonlyMap<string, Rule> = new Map(TABLES.flatMap((table) => Object.entries(table)));

/** Versions of one program share its rule: python3.12, mkfs.ext4, pip3. */
const unversioned = (name: string): string => name.replace(/[-.]?\d+(\.\d+)*$/u, '');

/** The loader of the system, which runs the program that it is given: `ld-linux-x86-64.so.2`. */
const LOADER = /^ld(64|-linux|-musl|-elf|-\d)?[\w.-]*\.so(\.\d+)?$/u;

/** PowerShell names what it ends by a verb and a noun. */
const CMDLET = /^(Remove|Clear|Stop|Uninstall|Disable|Format|Restart|Reset|Revoke|Suspend)-[A-Z]\w+$/u;
const CMDLET_RULE: Rule = {
  base: 'MEDIUM',
  findings: () => [high('delete', 'its name says that it removes or stops something')],
};

const STANDARD = /^(|\/bin|\/usr\/bin|\/usr\/local\/bin|\/opt\/homebrew\/bin|\/sbin|\/usr\/sbin)$/u;

/**
 * The rule for a command word. `standard` is false for a program named by a folder of its own: `./ls` may be
 * anything, so it is never SAFE, while `./rm` still counts as a delete.
 */
export const ruleFor = (word: string): { name: string; rule: Rule | undefined; standard: boolean } => {
  const at = word.lastIndexOf('/');
  // Full-width and other look-alike letters count as what they look like.
  const plain = word
    .slice(at + 1)
    .normalize('NFKC')
    .replace(/\.(exe|cmd|bat)$|(?<=^(?:kafka|zookeeper|kcadm)[\w-]*)\.sh$/iu, '');
  const standard = STANDARD.test(word.slice(0, Math.max(at, 0)));
  const candidates = [
    plain,
    plain.toLowerCase(),
    unversioned(plain.toLowerCase()),
    /^(mkfs|fsck|nc)\./u.exec(plain.toLowerCase())?.[1] ?? plain,
    LOADER.test(plain) ? 'ld.so' : plain,
  ];
  const name = candidates.find((candidate) => RULES.has(candidate)) ?? plain;
  if (CMDLET.test(plain)) return { name: plain, rule: CMDLET_RULE, standard: false };
  const fallback = ORDINARY.has(name) ? undefined : at === -1 ? DEFAULT_RULE : OWN_PROGRAM_RULE;
  return { name, rule: RULES.get(name) ?? fallback, standard: standard && name === word.slice(at + 1) };
};
