import autocannon from 'autocannon';
import { z } from 'zod';
import { loadOrderSchema, reportOf } from './report.ts';

/**
 * As much as goes: each connection asks again as soon as it has its answer. A process of its own, so that its work
 * is not in the same event loop as anything that is measured.
 */
const { url, token, connections, seconds } = loadOrderSchema.parse(JSON.parse(process.argv[2] ?? ''));
const latencies: number[] = [];
let failures = 0;
const run = autocannon({
  url,
  connections,
  duration: seconds,
  headers: { authorization: `Bearer ${token}` },
});
// Its own summary has no 95th percentile.
run.on('response', (_client: unknown, status: number, _bytes: number, milliseconds: number) => {
  if (status === 200) latencies.push(milliseconds);
  else failures += 1;
});
const { errors, duration } = z.object({ errors: z.number(), duration: z.number() }).parse(await run);
console.log(JSON.stringify(reportOf(latencies, duration, failures + errors)));
