/** What a worker's environment is made of: it starts from nothing, so no secret of the server reaches it. */
const PASSED = new Set([
  'PATH',
  'HOME',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'TZ',
  'TMPDIR',
  'SHELL',
  'USER',
  'LOGNAME',
  'TERM',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'ALL_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'all_proxy',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  // Windows needs these to start a program at all.
  'SYSTEMROOT',
  'APPDATA',
  'LOCALAPPDATA',
  'USERPROFILE',
  'TEMP',
  'TMP',
]);

/** Marks that an outer Claude Code session sets: a worker that inherits them takes itself for a nested one. */
const OUTER_SESSION = /^CLAUDE_CODE_(ENTRYPOINT|CHILD_|SESSION_|MESSAGING_|EXECPATH|SSE_PORT|REMOTE)/;

/** What the model is paid with; every other secret of these families (an admin key, say) stays here. */
const OWN_CREDENTIALS = new Set(['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'CLAUDE_CODE_OAUTH_TOKEN']);
const SECRET = /_(KEY|TOKEN|SECRET|PASSWORD|PASSPHRASE)$/;

const isOfTheCli = (name: string): boolean =>
  (name.startsWith('ANTHROPIC_') || (name.startsWith('CLAUDE_') && !OUTER_SESSION.test(name))) &&
  (OWN_CREDENTIALS.has(name) || !SECRET.test(name));

const FIXED: Readonly<Record<string, string>> = {
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  DISABLE_AUTOUPDATER: '1',
  // A sub-agent or shell in the background would go on writing after its task's result.
  CLAUDE_CODE_DISABLE_BACKGROUND_TASKS: '1',
  CLAUDE_CODE_DISABLE_WORKFLOWS: '1',
  CLAUDE_CODE_DISABLE_BUNDLED_SKILLS: '1',
  // Git keeps every state that counts; the workspace's CLAUDE.md is handed on in the prompt.
  CLAUDE_CODE_DISABLE_FILE_CHECKPOINTING: '1',
  CLAUDE_CODE_DISABLE_CLAUDE_MDS: '1',
  CLAUDE_AGENT_SDK_CLIENT_APP: 'claude-orchestrator',
};

/**
 * @param source the server's own environment.
 * @param listed further names that the operator lets through (`ORCHESTRATOR_WORKER_ENV`).
 * @param own what the orchestrator sets itself.
 */
export const workerEnvironment = (
  source: Readonly<Record<string, string | undefined>>,
  listed: readonly string[],
  own: Readonly<Record<string, string>>,
): Record<string, string> => {
  const names = new Set(listed);
  const passed = Object.entries(source).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && (names.has(entry[0]) || PASSED.has(entry[0]) || isOfTheCli(entry[0])),
  );
  return { ...Object.fromEntries(passed), ...FIXED, ...own };
};
