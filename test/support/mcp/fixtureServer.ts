import { serveMcpStdio } from '../../../src/presentation/mcp/serveStdio.ts';
import { standardInput } from '../../../src/presentation/mcp/stdio/byteSource.ts';
import { localApi } from '../../../src/presentation/wire/localApi.ts';
import { createFixtureOrchestrator } from './fixtureOrchestrator.ts';

// A server process over the real transport and the real SDK, with the orchestrator in memory. Everything that
// is not protocol goes to stderr, one JSON line each.
const say = (what: object): boolean => process.stderr.write(`${JSON.stringify(what)}\n`);

/** Stands for the built job view. */
const VIEW = '<html><meta name="orchestrator" content="" /><p>the view</p></html>';

const elicitation = process.argv.includes('approve_high') ? 'approve_high' : 'deny_only';

let opened: ReturnType<typeof createFixtureOrchestrator> | undefined;

serveMcpStdio({
  api: async () => {
    if (opened === undefined) say({ opened: true });
    opened ??= createFixtureOrchestrator(elicitation);
    return localApi(opened, {
      personIsSet: async () => true,
      elicitation: { elicitationChoice: async () => elicitation },
      ...(process.argv.includes('page') ? { publicUrl: 'http://localhost:7777' } : {}),
    });
  },
  version: '1.2.3',
  tools: process.argv.includes('core') ? 'core' : 'full',
  ...(process.argv.includes('app') ? { appView: async () => VIEW } : {}),
  source: standardInput(),
  stdout: process.stdout,
  onEnd: () => say({ ended: true, polluted: 'isAdmin' in {} }),
  onProblem: (problem) => say({ problem: problem.slice(0, 200) }),
});
