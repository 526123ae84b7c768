import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { applyEdits, type JSONPath, modify, parse } from 'jsonc-parser';
import { z } from 'zod';
import { TOOLS } from '../src/presentation/mcp/tools/index.ts';

/**
 * Stamps what is said in package.json and in the tools into every file that says it again: version, description,
 * the registry's name, the bundle's list of tools, the skill that both plugins have.
 * `--check` writes nothing and exits 1 with the names of stale files. `--root <folder>` works on another tree.
 */
const named = process.argv.indexOf('--root');
const root = path.resolve(
  named < 0 ? path.join(import.meta.dirname, '..') : (process.argv[named + 1] ?? '.'),
);
const check = process.argv.includes('--check');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

const { name, version, description, mcpName } = z
  .object({
    name: z.string(),
    version: z.string(),
    description: z.string(),
    mcpName: z.string().default('io.github.claude-orchestrator/claude-orchestrator'),
  })
  .parse(JSON.parse(read('package.json')));
const pinned = `${name}@${version}`;
const tools = TOOLS.map((tool) => ({
  name: tool.name,
  description: /^.*?\.(?= |$)/.exec(tool.description)?.[0] ?? tool.description,
}));

type Stamp = readonly [file: string, place: JSONPath, value: unknown];

const STAMPS: readonly Stamp[] = [
  ['server.json', ['name'], mcpName],
  ['server.json', ['version'], version],
  ['server.json', ['packages', 0, 'identifier'], name],
  ['server.json', ['packages', 0, 'version'], version],
  ['packaging/mcpb/manifest.json', ['version'], version],
  ['packaging/mcpb/manifest.json', ['description'], description],
  ['packaging/mcpb/manifest.json', ['tools'], tools],
  ['packaging/claude-plugin/.claude-plugin/plugin.json', ['version'], version],
  ['packaging/claude-plugin/.claude-plugin/plugin.json', ['description'], description],
  ['packaging/claude-plugin/.claude-plugin/plugin.json', ['mcpServers', name, 'args', 1], pinned],
  ['packaging/codex-plugin/.codex-plugin/plugin.json', ['version'], version],
  ['packaging/codex-plugin/.codex-plugin/plugin.json', ['description'], description],
  ['packaging/codex-plugin/.codex-plugin/plugin.json', ['interface', 'longDescription'], description],
  ['packaging/codex-plugin/.mcp.json', ['mcpServers', name, 'args', 1], pinned],
  ['.claude-plugin/marketplace.json', ['metadata', 'version'], version],
  ['.claude-plugin/marketplace.json', ['metadata', 'description'], description],
  ['.claude-plugin/marketplace.json', ['plugins', 0, 'version'], version],
  ['.claude-plugin/marketplace.json', ['plugins', 0, 'description'], description],
];

const SKILL = 'skills/orchestrate/SKILL.md';

const stamped = new Map<string, string>([
  [`packaging/codex-plugin/${SKILL}`, read(`packaging/claude-plugin/${SKILL}`)],
]);
for (const [file, place, value] of STAMPS) {
  const text = stamped.get(file) ?? read(file);
  const now: unknown = place.reduce<unknown>(
    (so, key) => z.looseObject({}).or(z.array(z.unknown())).parse(so)[key as never],
    parse(text),
  );
  const edits =
    JSON.stringify(now) === JSON.stringify(value)
      ? []
      : modify(text, [...place], value, { formattingOptions: { insertSpaces: true, tabSize: 2 } });
  stamped.set(file, applyEdits(text, edits));
}

const isStale = ([file, text]: readonly [string, string]): boolean => {
  try {
    return read(file) !== text;
  } catch {
    return true;
  }
};
const stale = [...stamped].filter(isStale);
if (check) {
  for (const [file] of stale) process.stderr.write(`stale: ${file} (node scripts/stamp-version.ts)\n`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  for (const [file, text] of stale) writeFileSync(path.join(root, file), text);
  process.stdout.write(`${version}: ${stale.length} of ${stamped.size} files stamped\n`);
}
