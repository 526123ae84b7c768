import { delimiter } from 'node:path';

/**
 * Starts the server inside a bundle. Folders come as arguments, since a list of them cannot stand in a variable;
 * what the person left out of the form comes as its placeholder and is dropped.
 */
const LEFT_OUT = /^\$\{user_config\.\w+\}$/;

const roots = process.argv.slice(2).filter((root) => root !== '' && !LEFT_OUT.test(root));
for (const [name, value] of Object.entries(process.env)) {
  if (LEFT_OUT.test(value ?? '')) delete process.env[name];
}
if (roots.length > 0) process.env.ORCHESTRATOR_ALLOWED_ROOTS = roots.join(delimiter);
process.argv.splice(2, process.argv.length, 'mcp');
await import('./dist/main.js');
