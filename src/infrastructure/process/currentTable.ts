import type { ProcessTable } from './processTable.ts';
import { procfs } from './procfs.ts';
import { ps } from './ps.ts';

/** `/proc` where there is one: it needs no process of its own, and cannot take an argument for a variable. */
export const processTable: ProcessTable = process.platform === 'linux' ? procfs : ps;
