import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { type Rule, type ScriptedApi, startScriptedApi } from '../../demo/scripted-api.ts';

/** Everything of one test in one temporary folder: home, state, worktrees, the user's repository, a model. */
export type Sandbox = {
  readonly root: string;
  readonly repository: string;
  readonly api: ScriptedApi;
  /** What the model answers to prompts that match, before their own markers; may be changed while it runs. */
  readonly rules: Rule[];
  readonly env: Record<string, string>;
  /** Runs git in the user's checkout. */
  git(...args: string[]): string;
  write(files: Readonly<Record<string, string>>): void;
  commit(message: string): string;
};

export type SandboxOptions = {
  readonly files?: Readonly<Record<string, string>>;
  readonly name?: string;
  readonly latencyMs?: number;
  readonly rules?: readonly Rule[];
  readonly env?: Readonly<Record<string, string>>;
  /** False where the server must prove its gate first; see gateProof.ts. */
  readonly proven?: boolean;
};

export const makeSandbox = async (o: SandboxOptions = {}): Promise<Sandbox> => {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'orchestrator-e2e-')));
  const repository = path.join(root, o.name ?? 'repository');
  for (const folder of [repository, path.join(root, 'home')]) mkdirSync(folder, { recursive: true });
  if (o.proven !== false) {
    mkdirSync(path.join(root, 'state'), { mode: 0o700 });
    writeFileSync(path.join(root, 'state/gate-proof.json'), process.env.TEST_GATE_PROOF ?? '{}');
  }
  const rules = [...(o.rules ?? [])];
  const api = await startScriptedApi({ port: 0, latencyMs: o.latencyMs ?? 0, rules });
  onTestFinished(async () => {
    await api.close();
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  });
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', repository, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const write = (files: Readonly<Record<string, string>>): void => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(repository, name)), { recursive: true });
      writeFileSync(path.join(repository, name), text);
    }
  };
  const commit = (message: string): string => {
    git('add', '--all');
    git('commit', '--quiet', '--message', message);
    return git('rev-parse', 'HEAD').trim();
  };
  git('init', '--quiet', '--initial-branch=main');
  git('config', 'user.name', 'A User');
  git('config', 'user.email', 'user@example.invalid');
  write(o.files ?? { 'README.md': '# A repository\n' });
  commit('first');
  return {
    root,
    repository,
    api,
    rules,
    git,
    write,
    commit,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: path.join(root, 'home'),
      LANG: 'C.UTF-8',
      ANTHROPIC_BASE_URL: api.url,
      ANTHROPIC_API_KEY: 'sk-ant-scripted',
      ORCHESTRATOR_STATE_DIR: path.join(root, 'state'),
      ORCHESTRATOR_WORKTREES_DIR: path.join(root, 'worktrees'),
      ORCHESTRATOR_CONFIG_DIR: path.join(root, 'config'),
      ORCHESTRATOR_ALLOWED_ROOTS: root,
      ORCHESTRATOR_LOG_FORMAT: 'json',
      // It costs a quarter of a second a command; test/infrastructure/claude/sandbox.test.ts has it.
      ORCHESTRATOR_SANDBOX: 'off',
      LOG_LEVEL: 'DEBUG',
      ...o.env,
    },
  };
};

/** A marker that makes the scripted model call one tool. */
export const tool = (name: string, input: Readonly<Record<string, unknown>>): string =>
  `[[tool:${name} ${JSON.stringify(input)}]]`;
export const bash = (command: string): string => tool('Bash', { command });
export const says = (text: string): string => `[[text:${text}]]`;
