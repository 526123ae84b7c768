#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

// Half of a cold start is parsing: the second start finds the parsed code on disk.
enableCompileCache();
const { runProgram } = await import('./compose/program.ts');
await runProgram();
