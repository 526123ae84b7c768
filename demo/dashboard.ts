import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { ServerLaunch } from './client.ts';
import { DemoFailure } from './failure.ts';

const linkSchema = z.object({ url: z.url() });

/** A server that the demo's client and a browser share. */
export type SharedServer = {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  /** A link that signs one browser in, once, within a minute. */
  link(): Promise<string>;
  /** Ends the server and its workers. */
  [Symbol.asyncDispose](): Promise<void>;
};

/**
 * Starts `serve`, and resolves when it listens.
 * @throws DemoFailure where it ends before that
 */
export const startSharedServer = async (launch: ServerLaunch, signal: AbortSignal): Promise<SharedServer> => {
  const options = { cwd: launch.cwd, env: { ...launch.env } };
  const server = spawn(process.execPath, [launch.program, 'serve'], {
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(server, 'exit');
  // Flags of a file that two processes write: neither may cut off what the other wrote.
  server.stderr.pipe(createWriteStream(launch.logFile, { flags: 'a' }));
  const end = async (): Promise<void> => {
    if (server.exitCode === null && server.signalCode === null) {
      // The second signal says that nothing is to be waited for; two of one kind may arrive as one.
      server.kill('SIGTERM');
      server.kill('SIGINT');
      await exited;
    }
  };
  const listens = once(server.stdout, 'data', { signal });
  const [said] = await Promise.race([
    listens,
    exited.then(() => {
      throw new DemoFailure('The server ended before it listened.', {
        hint: `Its log is ${launch.logFile}.`,
      });
    }),
  ]).catch(async (thrown: unknown) => {
    await end();
    throw thrown;
  });
  server.stdout.resume();
  const url = /https?:\/\/[\w.:[\]-]+/.exec(String(said))?.[0];
  if (url === undefined) {
    await end();
    throw new DemoFailure('The server did not say where it listens.', {
      hint: `Its log is ${launch.logFile}.`,
    });
  }
  return {
    url,
    link: async () => {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [launch.program, 'dashboard', '--json'],
        options,
      );
      return linkSchema.parse(JSON.parse(stdout)).url;
    },
    [Symbol.asyncDispose]: end,
  };
};
