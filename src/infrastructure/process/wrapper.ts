import { execaSync } from 'execa';
import { findProgram } from './findProgram.ts';

export type CommandLine = { readonly command: string; readonly args: readonly string[] };

/**
 * What the kernel does for us when our own process dies without a word (SIGKILL, out of memory):
 * `namespace` ends everything that was started, `parent-death` the first process only, `group` nothing.
 */
export type Isolation = 'namespace' | 'parent-death' | 'group';

export type Wrapper = { readonly isolation: Isolation; readonly wrap: (line: CommandLine) => CommandLine };

/**
 * The first process of the PID namespace. Process 1 ignores every signal that it has no handler for, SIGTERM
 * too, so the command must not be process 1; this shell is, and reaps orphans on the side. Every namespace
 * counts from 1, so that `$$` and temporary names made of it would be the same in every lane: numbering starts
 * where this shell's number outside leads (7919 is prime to 32000, so no two lanes alive start alike; numbers
 * stay below the smallest default of pid_max, which the shell cannot read reliably: /proc/sys ends a read
 * after its first byte, and shells read byte by byte).
 */
const FIRST_PROCESS = [
  '{ read -r pid rest </proc/self/stat && echo $((300 + pid * 7919 % 32000)) >/proc/sys/kernel/ns_last_pid; } 2>/dev/null',
  '(exec "$@"); exit $?',
].join('\n');

const SHELL = '/bin/sh';
const PROBE_MS = 5000;

const GROUP: Wrapper = { isolation: 'group', wrap: (line) => line };

/** Best first. The second is for everyone but root; its capabilities serve the numbering and are dropped again. */
const ladder = (setpriv: string, unshare: string): readonly Wrapper[] => {
  const dying = ['--pdeathsig', 'KILL'];
  const namespace = ['--pid', '--fork', '--kill-child', '--', SHELL, '-c', FIRST_PROCESS, 'sh'];
  const user = ['--user', '--map-current-user', '--keep-caps'];
  const bare = [setpriv, '--ambient-caps=-all', '--inh-caps=-all'];
  return [
    {
      isolation: 'namespace',
      wrap: ({ command, args }) => ({
        command: setpriv,
        args: [...dying, unshare, ...namespace, command, ...args],
      }),
    },
    {
      isolation: 'namespace',
      wrap: ({ command, args }) => ({
        command: setpriv,
        args: [...dying, unshare, ...user, ...namespace, ...bare, command, ...args],
      }),
    },
    {
      isolation: 'parent-death',
      wrap: ({ command, args }) => ({ command: setpriv, args: [...dying, command, ...args] }),
    },
  ];
};

const works = ({ wrap }: Wrapper): boolean => {
  const { command, args } = wrap({ command: SHELL, args: ['-c', 'exit 0'] });
  const { exitCode } = execaSync(command, args, {
    env: {},
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    timeout: PROBE_MS,
  });
  return exitCode === 0;
};

/** The best wrapper that works here, found by trying: containers refuse namespaces in many ways. */
export const probeWrapper = (path: string | undefined): Wrapper => {
  if (process.platform !== 'linux') return GROUP;
  const setpriv = findProgram('setpriv', path, '/');
  if (setpriv === undefined) return GROUP;
  const unshare = findProgram('unshare', path, '/');
  const rungs = ladder(setpriv, unshare ?? '');
  return (unshare === undefined ? rungs.slice(-1) : rungs).find(works) ?? GROUP;
};

let found: Wrapper | undefined;

/** {@link probeWrapper}, asked once a process: about 20 ms. */
export const wrapper = (): Wrapper => {
  found ??= probeWrapper(process.env.PATH);
  return found;
};
