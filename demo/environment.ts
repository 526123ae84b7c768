import { join } from 'node:path';

/** Where everything of one run lies; all of it in one temporary folder. */
export type Places = {
  readonly root: string;
  readonly repository: string;
  readonly state: string;
  readonly worktrees: string;
  readonly home: string;
  readonly result: string;
  readonly log: string;
};

export const placesIn = (root: string): Places => ({
  root,
  repository: join(root, 'small-shop'),
  state: join(root, 'state'),
  worktrees: join(root, 'worktrees'),
  home: join(root, 'home'),
  result: join(root, 'result'),
  log: join(root, 'server.log'),
});

type Environment = Readonly<Record<string, string | undefined>>;

const isSet = (entry: [string, string | undefined]): entry is [string, string] => entry[1] !== undefined;

/** A live worker needs the user's login, and with it whatever leads to the API. */
const LIVE = /^(ANTHROPIC_|CLAUDE_|HTTPS?_PROXY$|NO_PROXY$|https?_proxy$|no_proxy$|NODE_EXTRA_CA_CERTS$)/;

/**
 * The server's environment.
 * @param apiUrl the scripted model API; undefined for a live run
 */
export const serverEnvironment = (
  places: Places,
  apiUrl: string | undefined,
  outer: Environment,
): Readonly<Record<string, string>> => {
  const own = {
    ORCHESTRATOR_STATE_DIR: places.state,
    ORCHESTRATOR_WORKTREES_DIR: places.worktrees,
    ORCHESTRATOR_ALLOWED_ROOTS: places.root,
  };
  const carried = [
    'PATH',
    'LANG',
    'TMPDIR',
    'ORCHESTRATOR_CLAUDE_PATH',
    'ORCHESTRATOR_MAX_WORKERS',
    'LOG_LEVEL',
  ];
  const common = Object.entries(outer).filter(([name]) => carried.includes(name));
  if (apiUrl === undefined) {
    const login = Object.entries(outer).filter(([name]) => name === 'HOME' || LIVE.test(name));
    return { ...Object.fromEntries([...common, ...login].filter(isSet)), ...own };
  }
  return {
    ...Object.fromEntries(common.filter(isSet)),
    ...own,
    // A home of its own: the scripted run neither reads nor changes the user's Claude settings and login.
    HOME: places.home,
    ANTHROPIC_BASE_URL: apiUrl,
    ANTHROPIC_API_KEY: 'sk-ant-scripted',
  };
};
