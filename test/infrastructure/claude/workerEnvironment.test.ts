import fc from 'fast-check';
import { expect, test } from 'vitest';
import { workerEnvironment } from '../../../src/infrastructure/claude/workerEnvironment.ts';

/** Written down here again, by hand: a name that is added to the code must be argued for here too. */
const ALLOWED = new Set(
  (
    'PATH HOME LANG LC_ALL LC_CTYPE TZ TMPDIR SHELL USER LOGNAME TERM HTTP_PROXY HTTPS_PROXY NO_PROXY ALL_PROXY ' +
    'http_proxy https_proxy no_proxy all_proxy NODE_EXTRA_CA_CERTS SSL_CERT_FILE SSL_CERT_DIR SYSTEMROOT APPDATA ' +
    'LOCALAPPDATA USERPROFILE TEMP TMP'
  ).split(' '),
);
const SET_BY_US = Object.keys(workerEnvironment({}, [], {}));
const SECRETS = [
  'GITHUB_TOKEN',
  'AWS_SECRET_ACCESS_KEY',
  'ORCHESTRATOR_STATE_DIR',
  'ORCHESTRATOR_API_KEY',
  'DATABASE_URL',
  'NPM_TOKEN',
  'SSH_AUTH_SOCK',
  'OPENAI_API_KEY',
  'NODE_OPTIONS',
  'LD_PRELOAD',
  'BASH_ENV',
  'GIT_DIR',
  'GIT_INDEX_FILE',
  'CLAUDECODE',
  'XANTHROPIC_KEY',
  'ANTHROPIC_ADMIN_KEY',
  'CLAUDE_WEBHOOK_SECRET',
  'path',
  'PATH2',
];

const names = fc.oneof(
  fc.constantFrom(...ALLOWED, ...SECRETS),
  fc.constantFrom('ANTHROPIC_API_KEY', 'ANTHROPIC_BASE_URL', 'CLAUDE_CONFIG_DIR', 'CLAUDE_CODE_SSE_PORT'),
  fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,12}$/),
  fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty'),
);
const values = fc.string({ maxLength: 8 });
const environments = fc
  .array(fc.tuple(names, fc.option(values, { nil: undefined })), { maxLength: 30 })
  .map((entries): Record<string, string | undefined> => Object.fromEntries(entries));

test('nothing but the listed names gets through, each with its own value', () => {
  fc.assert(
    fc.property(environments, fc.array(names, { maxLength: 4 }), (source, listed) => {
      const env = workerEnvironment(source, listed, {});
      for (const [name, value] of Object.entries(env)) {
        if (SET_BY_US.includes(name)) continue;
        expect(
          ALLOWED.has(name) ||
            listed.includes(name) ||
            name.startsWith('ANTHROPIC_') ||
            name.startsWith('CLAUDE_'),
        ).toBe(true);
        expect(value).toBe(source[name]);
      }
      for (const [name, value] of Object.entries(source)) {
        if (value === undefined || SET_BY_US.includes(name)) continue;
        const ours = name.startsWith('ANTHROPIC_') && !SECRETS.includes(name);
        if (ALLOWED.has(name) || ours || listed.includes(name))
          expect(Object.entries(env)).toContainEqual([name, value]);
      }
    }),
  );
});

test("the server's secrets never reach a worker, unless the operator lists one by its name", () => {
  const source = Object.fromEntries(SECRETS.map((name) => [name, `secret of ${name}`]));
  expect(JSON.stringify(workerEnvironment(source, [], {}))).not.toContain('secret of');
  for (const name of SECRETS) {
    const env = workerEnvironment(source, [name], {});
    expect(env[name]).toBe(`secret of ${name}`);
    expect(JSON.stringify(env).split('secret of')).toHaveLength(2);
  }
});

test('marks of an outer Claude Code session do not pass, its configuration does', () => {
  const env = workerEnvironment(
    {
      CLAUDE_CODE_ENTRYPOINT: 'cli',
      CLAUDE_CODE_CHILD_SESSION: '1',
      CLAUDE_CODE_SESSION_ID: 'x',
      CLAUDE_CODE_MESSAGING_SOCKET: 's',
      CLAUDE_CODE_EXECPATH: '/x',
      CLAUDE_CODE_SSE_PORT: '1',
      CLAUDE_CODE_REMOTE: '1',
      CLAUDE_CONFIG_DIR: '/c',
      CLAUDE_CODE_OAUTH_TOKEN: 't',
    },
    [],
    {},
  );
  const passed = Object.keys(env).filter((name) => !SET_BY_US.includes(name));
  expect(passed.toSorted()).toEqual(['CLAUDE_CODE_OAUTH_TOKEN', 'CLAUDE_CONFIG_DIR']);
});

test('what the orchestrator sets itself cannot be set from outside', () => {
  const env = workerEnvironment(
    { CLAUDE_CODE_DISABLE_BACKGROUND_TASKS: '0', DISABLE_AUTOUPDATER: '0', PORT_BASE: '1', PATH: '/bin' },
    ['DISABLE_AUTOUPDATER', 'PORT_BASE'],
    { PORT_BASE: '20000' },
  );
  expect(env).toMatchObject({
    CLAUDE_CODE_DISABLE_BACKGROUND_TASKS: '1',
    DISABLE_AUTOUPDATER: '1',
    PORT_BASE: '20000',
    PATH: '/bin',
  });
});
