import { afterAll, beforeAll, expect, it } from 'vitest';
import { type McpOverHttp, startMcpHttp } from '../support/mcp/httpServer.ts';
import { createFixtureRoutes } from './fixtureRoutes.ts';
import { expectedFailures, runSuite } from './suite.ts';

let http: McpOverHttp;
beforeAll(async () => {
  http = await startMcpHttp({ routes: createFixtureRoutes, signsIn: true });
});
afterAll(() => http.close());

it('the official suite passes, but for the scenarios that are listed with their reason, and those do fail', async () => {
  const outcomes = await runSuite(http.url);
  const expected = await expectedFailures();
  expect(outcomes.length).toBeGreaterThanOrEqual(32);
  expect([...expected].filter(([, reason]) => reason.length < 20 && !reason.startsWith('As '))).toEqual([]);
  // Both ways: what fails is listed, and what is listed fails.
  const failed = outcomes.filter(({ problem }) => problem !== undefined);
  expect(failed.filter(({ scenario }) => !expected.has(scenario))).toEqual([]);
  expect(failed.map(({ scenario }) => scenario).sort()).toEqual([...expected.keys()].sort());
});
