#!/usr/bin/env node
import module from 'node:module';

/** The first version whose SQLite needs no flag. */
const OLDEST = [22, 13] as const;
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
  process.stderr.write(
    `claude-orchestrator needs Node ${OLDEST.join('.')} or newer, this is ${process.versions.node}. Run it as \`npx claude-orchestrator\` or with node_modules/.bin/node beside it.\n`,
  );
  process.exitCode = 78;
} else {
  // Half of a cold start is parsing: the second start finds the parsed code on disk.
  module.enableCompileCache();
  // What clients start: without the command line's own schemas the first answer comes a tenth sooner.
  const line = process.argv.slice(2).join(' ');
  if (line === 'mcp') {
    const { serveFront } = await import('./compose/serveFront.ts');
    await serveFront({});
  } else if (line === 'mcp --in-process') {
    const { serveMcp } = await import('./compose/serveMcp.ts');
    await serveMcp({});
  } else {
    const { runProgram } = await import('./compose/program.ts');
    await runProgram();
  }
}
