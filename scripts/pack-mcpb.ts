import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { packExtension } from '@anthropic-ai/mcpb/cli';
import { build } from 'esbuild';
import { z } from 'zod';

/**
 * Packs the built program as an .mcpb bundle: `node scripts/pack-mcpb.ts [file]`. Packages that the build leaves
 * outside come along with what they need; the CLI does not (it has 400 MB and is the user's own), so that one
 * bundle serves every platform.
 */
const root = path.join(import.meta.dirname, '..');
const packageSchema = z.object({
  version: z.string(),
  dependencies: z.record(z.string(), z.string()).default({}),
});
const packageOf = (folder: string) =>
  packageSchema.parse(JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')));

const { version } = packageOf(root);
const output = path.resolve(process.argv[2] ?? path.join(root, `claude-orchestrator-${version}.mcpb`));

/** The packages that files in dist/ import. */
const leftOutside = async (): Promise<readonly string[]> => {
  const { metafile } = await build({
    entryPoints: [path.join(root, 'dist/main.js')],
    bundle: true,
    splitting: true,
    write: false,
    outdir: tmpdir(),
    metafile: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'error',
  });
  const imports = Object.values(metafile.inputs).flatMap((input) => input.imports);
  const names = imports.filter(({ external, path: name }) => external === true && !name.startsWith('node:'));
  return [
    ...new Set(
      names.map(({ path: name }) =>
        name
          .split('/')
          .slice(0, name.startsWith('@') ? 2 : 1)
          .join('/'),
      ),
    ),
  ];
};

/** Where Node finds a package from a folder; undefined for Node's own modules. */
const folderOf = (name: string, from: string): string | undefined => {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, 'node_modules', name);
    if (existsSync(path.join(candidate, 'package.json'))) return candidate;
    if (path.dirname(folder) === folder) return undefined;
  }
};

/** Folders of packages and of all that they depend on, none twice. */
const closure = (names: readonly string[]): readonly string[] => {
  const seen = new Set<string>();
  const visit = (name: string, from: string): void => {
    const folder = folderOf(name, from);
    if (folder === undefined || seen.has(folder)) return;
    seen.add(folder);
    for (const next of Object.keys(packageOf(folder).dependencies)) visit(next, folder);
  };
  for (const name of names) visit(name, root);
  return [...seen];
};

if (!existsSync(path.join(root, 'dist/main.js'))) throw new Error('Build first: npm run build');
const staging = mkdtempSync(path.join(tmpdir(), 'orchestrator-mcpb-'));
try {
  const copy = (from: string, to: string): void =>
    cpSync(from, path.join(staging, to), {
      recursive: true,
      // What is nested comes by its own name, where it is needed.
      filter: (file) => !path.relative(from, file).split(path.sep).includes('node_modules'),
    });
  for (const file of ['manifest.json', 'launch.js']) copy(path.join(root, 'packaging/mcpb', file), file);
  for (const file of ['dist', 'LICENSE']) copy(path.join(root, file), file);
  for (const folder of closure(await leftOutside())) copy(folder, path.relative(root, folder));
  writeFileSync(
    path.join(staging, 'package.json'),
    `${JSON.stringify({ type: 'module', private: true, version })}\n`,
  );
  if (!(await packExtension({ extensionPath: staging, outputPath: output, silent: true }))) {
    throw new Error('The manifest is not valid: npx mcpb validate packaging/mcpb/manifest.json');
  }
  process.stdout.write(`${output} ${statSync(output).size}\n`);
} finally {
  rmSync(staging, { recursive: true, force: true });
}
