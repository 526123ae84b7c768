import { parseArgs } from 'node:util';
import { listTools } from './listedTools.ts';
import { askModel } from './live.ts';
import { rankTools } from './score.ts';
import { SENTENCES } from './sentences.ts';

const USAGE = `node evals/run.ts            routes the sentences by the deterministic scorer
node evals/run.ts --live     asks a real model: ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL, --model`;

const { values } = parseArgs({
  options: {
    live: { type: 'boolean', default: false },
    model: { type: 'string', default: 'claude-haiku-4-5' },
    help: { type: 'boolean', default: false },
  },
});

/** @returns what tells the tool for a sentence. */
const router = async () => {
  const { tools, instructions } = await listTools();
  if (!values.live) return async (says: string) => rankTools(says, tools)[0]?.tool;
  const { ANTHROPIC_API_KEY: apiKey, ANTHROPIC_BASE_URL: baseUrl = 'https://api.anthropic.com' } =
    process.env;
  if (apiKey === undefined) throw new Error('--live needs ANTHROPIC_API_KEY.');
  return (says: string) => askModel(says, tools, { apiKey, baseUrl, model: values.model, instructions });
};

if (values.help) {
  console.log(USAGE);
} else {
  const route = await router();
  let wrong = 0;
  for (const { says, tool } of SENTENCES) {
    const got = await route(says);
    if (got !== tool) wrong += 1;
    console.log(
      `${got === tool ? 'ok   ' : 'WRONG'} ${tool.padEnd(14)} ${says}${got === tool ? '' : ` → ${got ?? 'no tool'}`}`,
    );
  }
  console.log(`${SENTENCES.length - wrong} of ${SENTENCES.length} routed.`);
  process.exitCode = wrong === 0 ? 0 : 1;
}
