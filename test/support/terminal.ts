import { spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { eventually } from './processes.ts';
import type { Sandbox } from './sandbox.ts';
import { PROGRAM } from './server.ts';

export type Typed = readonly [prompt: RegExp, answer: string];

/**
 * Runs the program on a pseudo-terminal, as an agent could too, by `script`; types each answer when its prompt
 * has appeared. @returns what the terminal showed, and the exit code.
 */
export const onTerminal = async (
  sandbox: Sandbox,
  args: readonly string[],
  typed: readonly Typed[],
): Promise<{ readonly shown: string; readonly code: number | null }> => {
  const words = [process.execPath, PROGRAM, ...args].map((word) => `'${word}'`).join(' ');
  // One that `script` makes for no terminal of its own has no width.
  const line = `stty cols 120 rows 40; ${words}`;
  const child = spawn('script', ['-qec', line, '/dev/null'], {
    cwd: sandbox.root,
    env: { ...sandbox.env, TERM: 'xterm' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let shown = '';
  child.stdout.on('data', (chunk) => {
    shown += String(chunk);
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  let over = false;
  void ended.then(() => {
    over = true;
  });
  let seen = 0;
  for (const [prompt, answer] of typed) {
    const met = await eventually(`the prompt ${prompt} in ${JSON.stringify(shown.slice(-200))}`, () => {
      const match = prompt.exec(shown.slice(seen));
      return match === null ? over && ('over' as const) : seen + match.index + match[0].length;
    });
    if (met === 'over') break;
    seen = met;
    child.stdin.write(`${answer}\r`);
  }
  return { code: await ended, shown };
};
