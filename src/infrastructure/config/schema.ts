import path from 'node:path';
import { z } from 'zod';
import { LIMITS } from '../../domain/limits.ts';
import { modelSchema } from '../../domain/task.ts';
import {
  absolutePath,
  apiKey,
  autoOrCount,
  listOf,
  minutes,
  oneGroupPattern,
  oneOf,
  proxyAddress,
  variableName,
  webOrigin,
  webUrl,
  wholeNumber,
} from './values.ts';

export type SettingMeta = {
  /** Name of the environment variable, also used in `.env`. */
  readonly env: string;
  /** What the value looks like, for help and docs. */
  readonly form: string;
  /** The default in words: some depend on the machine. */
  readonly fallback: string;
  readonly description: string;
  /** Never shown, and no flag: a command line can be read by everyone. */
  readonly secret?: true;
};

const settings = z.registry<SettingMeta>();

export const LOG_LEVELS = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'] as const;
export const TOOL_PRESETS = ['core', 'full'] as const;
export const SANDBOX_MODES = ['auto', 'on', 'off'] as const;
export const LOG_FORMATS = ['json', 'pretty'] as const;

const workerSettings = z.preprocess(
  (raw) => (typeof raw === 'string' && raw.trim().toLowerCase() === 'none' ? [] : raw),
  listOf(z.enum(['user', 'project', 'local'], 'must be "none" or a list of user, project, local'), ','),
);

const offOrModel = z.preprocess(
  (raw) => (typeof raw === 'string' && raw.trim().toLowerCase() === 'off' ? 'off' : raw),
  modelSchema,
);

/**
 * Every setting there is. Values are those after the read: numbers, lists, absolute paths. The key gives the
 * names: `maxWorkers` is `max_workers` in config.json and `--max-workers` on the command line.
 */
export const configSchema = z.object({
  stateDir: absolutePath().register(settings, {
    env: 'ORCHESTRATOR_STATE_DIR',
    form: 'path',
    fallback: "the user's data folder",
    description:
      'Folder of jobs, events and task logs. One server at a time uses it; workers never write there.',
  }),
  worktreesDir: absolutePath().register(settings, {
    env: 'ORCHESTRATOR_WORKTREES_DIR',
    form: 'path',
    fallback: "`worktrees` in the user's cache folder",
    description:
      'Folder of the git worktrees that workers work in. Not inside the state folder, nor around it.',
  }),
  allowedRoots: listOf(absolutePath(), path.delimiter).register(settings, {
    env: 'ORCHESTRATOR_ALLOWED_ROOTS',
    form: 'paths',
    fallback: 'the home folder and the folder the server was started in, but never `/`',
    description: `Folders that a job's workspace may lie in, separated as in PATH (\`:\`, on Windows \`;\`).`,
  }),
  maxWorkers: autoOrCount(100).register(settings, {
    env: 'ORCHESTRATOR_MAX_WORKERS',
    form: 'auto or 1-100',
    fallback: '`auto`: 4 for each core, as many as memory holds at 250 MB each, at most 16',
    description: 'Claude processes that live at the same time, over all jobs.',
  }),
  defaultTimeout: wholeNumber(1, LIMITS.timeoutSeconds).register(settings, {
    env: 'ORCHESTRATOR_DEFAULT_TIMEOUT',
    form: `1-${LIMITS.timeoutSeconds}`,
    fallback: '1800',
    description: 'Seconds that a task may take where neither it nor its job says otherwise.',
  }),
  verifyTimeout: wholeNumber(1, LIMITS.timeoutSeconds).register(settings, {
    env: 'ORCHESTRATOR_VERIFY_TIMEOUT',
    form: `1-${LIMITS.timeoutSeconds}`,
    fallback: '600',
    description: 'Seconds that one `setup` or `verify` command may take.',
  }),
  maxQueuedTasks: wholeNumber(1, 1_000_000).register(settings, {
    env: 'ORCHESTRATOR_MAX_QUEUED_TASKS',
    form: '1-1000000',
    fallback: '10000',
    description:
      'Tasks that may be open at once, over all jobs; above it a new job is refused as "queue full".',
  }),
  claudePath: absolutePath().optional().register(settings, {
    env: 'ORCHESTRATOR_CLAUDE_PATH',
    form: 'path',
    fallback: 'the CLI that comes with the Agent SDK, else `claude` on PATH',
    description: 'The Claude Code CLI to run as worker.',
  }),
  workerEnv: listOf(variableName, ',').register(settings, {
    env: 'ORCHESTRATOR_WORKER_ENV',
    form: 'names',
    fallback: 'none',
    description:
      'Names of further environment variables that workers get, separated by commas. Workers start from an empty environment.',
  }),
  workerSettings: workerSettings.register(settings, {
    env: 'ORCHESTRATOR_WORKER_SETTINGS',
    form: 'none, or names',
    fallback: '`none`',
    description:
      'Whose Claude settings (hooks, MCP servers, permissions) workers load: `none`, or a list of `user`, `project` (the workspace) and `local`. A workspace let in here can run its own commands in workers.',
  }),
  testNamePattern: oneGroupPattern.optional().register(settings, {
    env: 'ORCHESTRATOR_TEST_NAME_PATTERN',
    form: 'regex',
    fallback: 'TAP and JUnit are understood without it',
    description:
      'Regular expression (flags `gm`) whose one capture group is the name of a failing test in the output of `verify`.',
  }),
  portBase: wholeNumber(1024, 65_000).register(settings, {
    env: 'ORCHESTRATOR_PORT_BASE',
    form: '1024-65000',
    fallback: '20000',
    description: 'First port of the ranges that lanes get as `PORT_BASE`, 20 ports each.',
  }),
  host: z
    .string('must be a host name or an address')
    .regex(/^[A-Za-z0-9.:_-]+$/, 'must be a host name or an address')
    .register(settings, {
      env: 'ORCHESTRATOR_HOST',
      form: 'address',
      fallback: '127.0.0.1',
      description:
        'Address that the server listens on. One that others can reach needs TLS or a trusted proxy (below).',
    }),
  port: wholeNumber(0, 65_535).register(settings, {
    env: 'ORCHESTRATOR_PORT',
    form: '0-65535',
    fallback: '0: the port of last time, or a free one',
    description: 'Port that the server listens on.',
  }),
  publicUrl: webUrl().optional().register(settings, {
    env: 'ORCHESTRATOR_PUBLIC_URL',
    form: 'URL',
    fallback: 'the address that it listens on',
    description:
      'Where clients reach the server, if that is another address: its host and origin are then let in.',
  }),
  tlsCert: absolutePath().optional().register(settings, {
    env: 'ORCHESTRATOR_TLS_CERT',
    form: 'path',
    fallback: 'none',
    description: 'Certificate chain in PEM; with `ORCHESTRATOR_TLS_KEY` the server speaks HTTPS.',
  }),
  tlsKey: absolutePath().optional().register(settings, {
    env: 'ORCHESTRATOR_TLS_KEY',
    form: 'path',
    fallback: 'none',
    description: 'Private key of the certificate, in PEM.',
  }),
  trustedProxies: listOf(proxyAddress, ',').register(settings, {
    env: 'ORCHESTRATOR_TRUSTED_PROXIES',
    form: 'addresses',
    fallback: 'none',
    description:
      'Addresses of reverse proxies that speak TLS with the clients. Only their `X-Forwarded-For` is believed.',
  }),
  corsOrigins: listOf(webOrigin, ',').register(settings, {
    env: 'ORCHESTRATOR_CORS_ORIGINS',
    form: 'origins',
    fallback: 'none',
    description: 'Web pages of other origins (`https://host:port`) that may call the server from a browser.',
  }),
  rateLimit: wholeNumber(0, 1_000_000).register(settings, {
    env: 'ORCHESTRATOR_RATE_LIMIT',
    form: '0-1000000',
    fallback: '100',
    description: "Requests a minute that one key may make; 0 is no limit. This user's own token has none.",
  }),
  oauthIssuers: listOf(webUrl(), ',').register(settings, {
    env: 'ORCHESTRATOR_OAUTH_ISSUERS',
    form: 'URLs',
    fallback: 'none',
    description:
      'OAuth issuers whose access tokens are accepted. The scopes `orchestrator:agent`, `:viewer`, `:approver`, `:admin` are the roles.',
  }),
  oauthAudience: z.string('must be text').min(1).max(2000).optional().register(settings, {
    env: 'ORCHESTRATOR_OAUTH_AUDIENCE',
    form: 'text',
    fallback: "the server's own `/mcp` URL",
    description: 'What the `aud` of an access token must be.',
  }),
  idleMinutes: minutes(10_080).register(settings, {
    env: 'ORCHESTRATOR_IDLE_MINUTES',
    form: '0-10080',
    fallback: '15',
    description:
      'Minutes without a job, a front and a browser after which a server that a front started ends itself; 0 is never.',
  }),
  drainSeconds: wholeNumber(0, 3600).register(settings, {
    env: 'ORCHESTRATOR_DRAIN_SECONDS',
    form: '0-3600',
    fallback: '30',
    description:
      'Seconds that running tasks get to end when the server is stopped; what is left runs anew at the next start.',
  }),
  tools: oneOf(TOOL_PRESETS).register(settings, {
    env: 'ORCHESTRATOR_TOOLS',
    form: TOOL_PRESETS.join(', '),
    fallback: '`full`',
    description:
      'Which tools MCP clients see: `core` is the loop orchestrate, job_wait, job_status, job_result with list_approvals and approve_operation.',
  }),
  policy: absolutePath().optional().register(settings, {
    env: 'ORCHESTRATOR_POLICY',
    form: 'path',
    fallback: '`policy.yaml` or `policy.json` in the folder of config.json, else the built-in one',
    description:
      'The policy of this machine: what is allowed, asked and denied. A repository may only tighten it (`.orchestrator/policy.yaml`).',
  }),
  sandbox: oneOf(SANDBOX_MODES).register(settings, {
    env: 'ORCHESTRATOR_SANDBOX',
    form: SANDBOX_MODES.join(', '),
    fallback: '`auto`: where bubblewrap and socat work',
    description:
      'Whether the shell commands of workers run in the sandbox of Claude Code. `on` refuses to work without it.',
  }),
  secondOpinion: offOrModel.register(settings, {
    env: 'ORCHESTRATOR_SECOND_OPINION',
    form: 'off, or a model',
    fallback: '`off`',
    description:
      'Model that is asked about each new call that is MEDIUM and would run. It can only raise the risk; its failure changes nothing. Costs a short question each, which no budget of a job bounds.',
  }),
  approvalHold: wholeNumber(1, 86_400).register(settings, {
    env: 'ORCHESTRATOR_APPROVAL_HOLD',
    form: '1-86400',
    fallback: '120',
    description:
      'Seconds that a worker waits at a call for a decision before it is parked without a process.',
  }),
  approvalExpiry: wholeNumber(1, 1_728_000).register(settings, {
    env: 'ORCHESTRATOR_APPROVAL_EXPIRY',
    form: '1-1728000',
    fallback: '86400',
    description: 'Seconds after which an approval that nobody decided counts as denied.',
  }),
  notifyCommand: absolutePath().optional().register(settings, {
    env: 'ORCHESTRATOR_NOTIFY_COMMAND',
    form: 'path',
    fallback: 'none',
    description:
      'Program that is started with one argument, a sentence, when a person is wanted; JSON comes on its standard input.',
  }),
  webhookUrl: webUrl().optional().register(settings, {
    env: 'ORCHESTRATOR_WEBHOOK_URL',
    form: 'URL',
    fallback: 'none',
    description: 'Where a signed JSON message goes when a person is wanted.',
  }),
  webhookSecret: z.string('must be text').min(16).max(500).optional().register(settings, {
    env: 'ORCHESTRATOR_WEBHOOK_SECRET',
    form: 'text',
    fallback: 'none',
    description: 'Key of the HMAC-SHA-256 in the header `X-Orchestrator-Signature` of webhook messages.',
    secret: true,
  }),
  auditHeadCopy: absolutePath().optional().register(settings, {
    env: 'ORCHESTRATOR_AUDIT_HEAD_COPY',
    form: 'path',
    fallback: 'none',
    description: 'A second file, best on another disk, that gets the signed head of the audit log each time.',
  }),
  url: webUrl().optional().register(settings, {
    env: 'ORCHESTRATOR_URL',
    form: 'URL',
    fallback: 'the server of this state folder',
    description: 'A server elsewhere, which `mcp` and the commands then talk to.',
  }),
  apiKey: apiKey.optional().register(settings, {
    env: 'ORCHESTRATOR_API_KEY',
    form: 'key',
    fallback: 'none',
    description:
      'Key for `ORCHESTRATOR_URL`; without one, the key with which `keys` and `approve` work at the local server.',
    secret: true,
  }),
  logLevel: oneOf(LOG_LEVELS).register(settings, {
    env: 'LOG_LEVEL',
    form: LOG_LEVELS.join(', '),
    fallback: '`INFO`',
    description: 'Least level that is logged, in any case of letters. Logs go to stderr.',
  }),
  logFormat: oneOf(LOG_FORMATS).register(settings, {
    env: 'ORCHESTRATOR_LOG_FORMAT',
    form: LOG_FORMATS.join(', '),
    fallback: '`pretty` where stderr is a terminal, else `json`',
    description: 'One JSON object a line, or lines for people.',
  }),
});

/** What the schema reads: `maxWorkers` may still be `auto`. */
export type ReadConfig = z.output<typeof configSchema>;
export type SettingKey = keyof ReadConfig;

/** The configuration as the program uses it. Seconds for time, absolute paths for folders. */
export type Config = Omit<ReadConfig, 'maxWorkers'> & {
  readonly maxWorkers: number;
  readonly configDir: string;
};

/** All keys, in the order of the schema. */
export const SETTING_KEYS: readonly SettingKey[] = configSchema.keyof().options;

/** The setting that names the folder of `.env` and `config.json`: it cannot stand in them. */
export const CONFIG_DIR_ENV = 'ORCHESTRATOR_CONFIG_DIR';

export type SettingNames = SettingMeta & {
  readonly key: SettingKey;
  readonly file: string;
  readonly flag: string;
};

const parts = (key: string, joint: string): string =>
  key.replace(/[A-Z]/g, (letter) => joint + letter.toLowerCase());

/** @returns what the outside calls the setting: variable, key in config.json, flag (with its dashes). */
export const namesOf = (key: SettingKey): SettingNames => {
  const meta = settings.get(configSchema.shape[key]);
  if (meta === undefined) throw new Error(`the setting ${key} has no description`);
  return { ...meta, key, file: parts(key, '_'), flag: `--${parts(key, '-')}` };
};
