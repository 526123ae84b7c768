import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { cpuSecondsOf } from '../../measure/process.ts';
import type { LocalServer } from '../localServer.ts';
import { type LoadOrder, type LoadReport, loadReportSchema } from './report.ts';

export type Load = LoadReport & {
  /** CPU of the server's own process for each answer, µs; its workers are not in it. */
  readonly cpuUs: number;
  /** Share of one core that the server had. */
  readonly cpuShare: number;
};

const CONNECTIONS = 100;
const PROGRAMS = {
  flood: fileURLToPath(new URL('flood.ts', import.meta.url)),
  paced: fileURLToPath(new URL('paced.ts', import.meta.url)),
};

/** Lets a generator of load ask for one path with 100 connections for some seconds. */
export const generate = async (
  kind: keyof typeof PROGRAMS,
  { url, token, pid }: LocalServer,
  path: string,
  o: { readonly seconds: number; readonly rate?: number; readonly signal: AbortSignal },
): Promise<Load> => {
  const order: LoadOrder = {
    url: `${url}${path}`,
    token,
    connections: CONNECTIONS,
    seconds: o.seconds,
    rate: o.rate,
  };
  const before = cpuSecondsOf(pid);
  const started = performance.now();
  const { stdout } = await execa(process.execPath, [PROGRAMS[kind], JSON.stringify(order)], {
    cancelSignal: o.signal,
    timeout: o.seconds * 1000 + 30_000,
  });
  const report = loadReportSchema.parse(JSON.parse(stdout));
  const cpu = cpuSecondsOf(pid) - before;
  return {
    ...report,
    cpuUs: Math.round((cpu / report.answers) * 1e6),
    cpuShare: cpu / ((performance.now() - started) / 1000),
  };
};
