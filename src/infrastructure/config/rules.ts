import { statSync } from 'node:fs';
import { autoMaxWorkers, type Capacity, WORKERS_PER_CORE_LIMIT, workersInMemory } from './defaults.ts';
import { isFileSystemRoot, liesIn, realPlace } from './paths.ts';
import type { ReadConfig, SettingKey } from './schema.ts';
import { PORTS_PER_LANE } from './settings.ts';

/** What the rules found; keys become names and sources where they are shown. */
export type Findings = {
  readonly problems: readonly { readonly key: SettingKey; readonly message: string }[];
  readonly warnings: readonly { readonly key: SettingKey; readonly message: string }[];
};

/** The values that could be read; the others have their problem already. */
type Readable = Partial<ReadConfig>;

const none: Findings = { problems: [], warnings: [] };
const problem = (key: SettingKey, message: string): Findings => ({
  problems: [{ key, message }],
  warnings: [],
});
const warning = (key: SettingKey, message: string): Findings => ({
  problems: [],
  warnings: [{ key, message }],
});

const workersFit = ({ maxWorkers }: Readable, capacity: Capacity): Findings => {
  if (typeof maxWorkers !== 'number') return none;
  const { cores } = capacity;
  const memory = workersInMemory(capacity);
  if (maxWorkers > WORKERS_PER_CORE_LIMIT * cores) {
    return problem(
      'maxWorkers',
      `must be at most ${WORKERS_PER_CORE_LIMIT * cores}: ${WORKERS_PER_CORE_LIMIT} for each of ${cores} cores, above which starts queue for the processor`,
    );
  }
  if (maxWorkers > memory) {
    return problem(
      'maxWorkers',
      `must be at most ${memory}: more do not fit into the free memory at 250 MB each`,
    );
  }
  return maxWorkers > cores
    ? warning(
        'maxWorkers',
        `is above the ${cores} cores: sensible while workers wait on the network, slower where they build or test`,
      )
    : none;
};

const rootsMakeSense = ({ allowedRoots }: Readable): Findings => {
  if (allowedRoots === undefined) return none;
  if (allowedRoots.length === 0) return problem('allowedRoots', 'must name at least one folder');
  if (allowedRoots.some(isFileSystemRoot)) {
    return problem(
      'allowedRoots',
      'must not hold the root of a file system: name the folders with your projects',
    );
  }
  const absent = allowedRoots.filter(
    (dir) => statSync(dir, { throwIfNoEntry: false })?.isDirectory() !== true,
  );
  return absent.length === 0
    ? none
    : warning('allowedRoots', `names what is no folder: ${absent.join(', ')}`);
};

// The state folder is protected from workers, and a worker writes in its worktree: neither may hold the other.
const foldersApart = ({ stateDir, worktreesDir }: Readable): Findings => {
  if (stateDir === undefined || worktreesDir === undefined) return none;
  const [state, worktrees] = [realPlace(stateDir), realPlace(worktreesDir)];
  if (liesIn(worktrees, state)) return problem('worktreesDir', 'must not lie inside the state folder');
  return liesIn(state, worktrees) ? problem('stateDir', 'must not lie inside the worktrees folder') : none;
};

const rootsOutside = ({ allowedRoots = [], stateDir, worktreesDir }: Readable): Findings => {
  const own = [stateDir, worktreesDir].flatMap((dir) => (dir === undefined ? [] : [realPlace(dir)]));
  const inside = allowedRoots.some((root) => own.some((dir) => liesIn(realPlace(root), dir)));
  return inside ? problem('allowedRoots', "must not lie inside the orchestrator's own folders") : none;
};

const portsFit = ({ portBase, maxWorkers }: Readable, capacity: Capacity): Findings => {
  if (portBase === undefined || maxWorkers === undefined) return none;
  const lanes = maxWorkers === 'auto' ? autoMaxWorkers(capacity) : maxWorkers;
  const last = 65_536 - lanes * PORTS_PER_LANE;
  return portBase > last
    ? problem('portBase', `must be at most ${last}: ${lanes} workers take ${PORTS_PER_LANE} ports each`)
    : none;
};

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);

// Keys and cookies would travel in the clear.
const reachableOnlySafely = ({ host, tlsCert, trustedProxies }: Readable): Findings => {
  if (host === undefined || isLoopback(host) || tlsCert !== undefined) return none;
  return (trustedProxies ?? []).length > 0
    ? none
    : problem(
        'host',
        'is reachable from elsewhere, so keys would travel in the clear: set ORCHESTRATOR_TLS_CERT and ORCHESTRATOR_TLS_KEY, or name the proxy that speaks TLS in ORCHESTRATOR_TRUSTED_PROXIES, or listen on 127.0.0.1',
      );
};

const tlsWhole = ({ tlsCert, tlsKey }: Readable): Findings => {
  if ((tlsCert === undefined) === (tlsKey === undefined)) return none;
  return tlsCert === undefined
    ? problem('tlsKey', 'needs ORCHESTRATOR_TLS_CERT beside it')
    : problem('tlsCert', 'needs ORCHESTRATOR_TLS_KEY beside it');
};

const remoteWhole = ({ url, apiKey }: Readable): Findings =>
  url === undefined || apiKey !== undefined
    ? none
    : problem(
        'url',
        'needs ORCHESTRATOR_API_KEY beside it: `claude-orchestrator keys create` there makes one',
      );

// A receiver could not tell our message from another's.
const webhookSigned = ({ webhookUrl, webhookSecret }: Readable): Findings =>
  webhookUrl === undefined || webhookSecret !== undefined
    ? none
    : problem('webhookUrl', 'needs ORCHESTRATOR_WEBHOOK_SECRET beside it, by which messages are signed');

/** Business rules, then rules over several settings. Looks at folders, changes nothing. */
export const check = (values: Readable, capacity: Capacity): Findings => {
  const found = [
    workersFit(values, capacity),
    rootsMakeSense(values),
    foldersApart(values),
    rootsOutside(values),
    portsFit(values, capacity),
    reachableOnlySafely(values),
    tlsWhole(values),
    remoteWhole(values),
    webhookSigned(values),
  ];
  return { problems: found.flatMap((f) => f.problems), warnings: found.flatMap((f) => f.warnings) };
};
