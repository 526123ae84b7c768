import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** Beside the built program. */
const file = path.join(import.meta.dirname, 'app', 'job.html');

/** Reads the job view for MCP clients that show such; undefined where the program runs unbuilt. */
export const appView = existsSync(file) ? (): Promise<string> => readFile(file, 'utf8') : undefined;
