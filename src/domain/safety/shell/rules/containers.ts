import { has, scanOptions, valuesOf } from '../options.ts';
import { type Finding, high, type Invocation, type RuleTable, under, writes } from '../rule.ts';
import { destroysRemotely } from './cloud.ts';

const GLOBAL =
  'H c l context host config log-level f p file project-name profile env-file project-directory ansi';
const RUN =
  'a e h l m p u v w name env env-file network net volume mount user workdir publish label memory cpus entrypoint hostname add-host platform restart pull device cap-add cap-drop security-opt pid ipc userns tmpfs gpus ulimit shm-size link log-driver log-opt dns ip stop-signal cidfile scale index';

const ESCAPES = (scan: ReturnType<typeof scanOptions>): boolean =>
  has(scan, 'privileged') ||
  scan.options.some(
    ({ name, value }) =>
      (['pid', 'ipc', 'userns', 'uts'].includes(name) && value === 'host') ||
      name === 'device' ||
      (name === 'cap-add' && /ALL|SYS_|NET_ADMIN/u.test(value ?? '')),
  );

const mounts = (scan: ReturnType<typeof scanOptions>): readonly string[] => [
  ...valuesOf(scan, 'v', 'volume').flatMap((value) => {
    const host = value.split(':')[0] ?? '';
    return /^[/.\u0001]/u.test(host) && !/:[^:]*\bro\b[^:]*$/u.test(value) ? [host] : [];
  }),
  ...valuesOf(scan, 'mount').flatMap((value) =>
    /type=bind/u.test(value) ? (/(?:source|src)=([^,]+)/u.exec(value)?.[1] ?? []) : [],
  ),
];

const inside = (words: readonly string[]): Finding => ({ is: 'argv', words, place: 'container' });

/** run and exec: the words after image or container are a command; host folders in reach count as written. */
const runs = (args: readonly string[]): readonly Finding[] => {
  const scan = scanOptions(args, { values: RUN, stopAtOperand: true });
  const words = scan.rest.slice(1);
  const entry = valuesOf(scan, 'entrypoint').at(-1);
  return [
    ...(ESCAPES(scan) ? [high('privilege', 'the container gets rights over the machine')] : []),
    ...writes(mounts(scan)),
    ...(words.length > 0 ? [inside(words)] : []),
    ...(entry === undefined ? [] : [inside([entry, ...words])]),
  ];
};

const REMOVES_BY_OPTION = new Set(['v', 'volumes', 'rmi', 'remove-orphans']);

const compose = (args: readonly string[]): readonly Finding[] => {
  const scan = scanOptions(args, { values: GLOBAL, stopAtOperand: true });
  const [command = '', ...rest] = scan.rest;
  if (['exec', 'run'].includes(command)) return runs(rest);
  if (['rm', 'kill'].includes(command)) return [high('containers', 'it removes containers')];
  const down = scanOptions(rest, { values: 't timeout' });
  return command === 'down' &&
    down.options.some(({ name }) => REMOVES_BY_OPTION.has(name) && name !== 'remove-orphans')
    ? [high('containers', 'it removes volumes or images')]
    : [];
};

const docker = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(call.args, { values: GLOBAL, stopAtOperand: true });
  const [command = '', ...rest] = scan.rest;
  if (command === 'help') return [];
  if (command === 'compose') return compose(rest);
  if (['run', 'exec', 'create'].includes(command)) return runs(rest);
  if (command === 'container' && ['run', 'exec', 'create'].includes(rest[0] ?? ''))
    return runs(rest.slice(1));
  const swarm = (command === 'swarm' || command === 'node') && ['leave', 'demote'].includes(rest[0] ?? '');
  const names = scanOptions(rest, { values: 't time s signal' }).operands;
  const stops =
    /^(stop|restart|pause)$/u.test(command) &&
    names.some((word) => word.includes('\u0000') || /^(traefik|haproxy|nginx|caddy|envoy)/u.test(word));
  // A context or a host of its own is another machine.
  const remote = has(scan, 'H', 'host', 'c', 'context');
  const gone = destroysRemotely({ ...call, args: scan.rest }).map(
    (finding): Finding =>
      finding.is === 'risk' && !remote
        ? high('containers', 'it removes containers, images, volumes or networks')
        : finding,
  );
  return [
    ...(swarm || stops ? [high('containers', 'it takes containers or nodes away')] : []),
    ...(command === 'push' ? [high('publish', 'it publishes an image')] : []),
    ...gone,
  ];
};

export const CONTAINER_RULES: RuleTable = {
  ...under('docker podman nerdctl', { base: 'MEDIUM', findings: docker }),
  ...under('docker-compose podman-compose', { base: 'MEDIUM', findings: (call) => compose(call.args) }),
  buildah: { base: 'MEDIUM', findings: destroysRemotely },
};
