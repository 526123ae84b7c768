import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { settingReference } from '../src/infrastructure/config/reference.ts';
import { cliReference } from '../src/presentation/cli/cliReference.ts';
import { planJsonSchema } from '../src/presentation/cli/plan/planSchema.ts';

// Run after a change of a command or of a plan's fields: node scripts/cli-reference.ts
const settings = settingReference().filter((setting) => !setting.secret);
const docs = (name: string): string => fileURLToPath(new URL(`../docs/${name}`, import.meta.url));
writeFileSync(docs('cli.md'), cliReference(settings));
writeFileSync(docs('plan.schema.json'), planJsonSchema());
