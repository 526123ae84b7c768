import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { toolReference } from '../src/presentation/mcp/toolReference.ts';

// Run after a change of a tool: node scripts/tool-reference.ts
writeFileSync(fileURLToPath(new URL('../docs/tool-reference.md', import.meta.url)), toolReference());
