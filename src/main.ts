#!/usr/bin/env node
import module from 'node:module';

/** The first version whose SQLite needs no flag. */
const OLDEST = [22, 13] as const;
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
  process.stderr.write(
    `claude-orchestrator needs Node ${OLDEST.join('.')} or newer, this is ${process.versions.node}. Install Node ${OLDEST.join('.')} or newer; \`claude-orchestrator setup\`, run with it, writes its absolute path into your clients' registrations.\n`,
  );
  process.exitCode = 78;
} else {
  // Half of a cold start is parsing: the second start finds the parsed code on disk.
  module.enableCompileCache();
  // What clients start: without the command line's own schemas the first answer comes a tenth sooner.
  const line = process.argv.slice(2).join(' ');
  if (line === 'mcp' || line === 'mcp --in-process') {
    try {
      if (line === 'mcp') await (await import('./compose/serveFront.ts')).serveFront({});
      else await (await import('./compose/serveMcp.ts')).serveMcp({});
    } catch (thrown) {
      const { ERROR_CODES, toOrchestratorError } = await import('./domain/errors/index.ts');
      const error = toOrchestratorError(thrown);
      process.stderr.write(`claude-orchestrator: ${error.message} ${error.hint}\n`);
      process.exitCode = ERROR_CODES[error.code].exit;
    }
  } else if (line === 'hook') {
    // Every call of a person's Claude Code waits for it.
    await (await import('./compose/hook.ts')).hookHere({});
  } else {
    const { runProgram } = await import('./compose/program.ts');
    await runProgram();
  }
}
