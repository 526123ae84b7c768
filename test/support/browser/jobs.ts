import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { eventually } from '../processes.ts';
import { bash, type Sandbox } from '../sandbox.ts';

/** A worker's step that says by a file that it is at work, and goes on when the file `go` is there. */
export const waitForGo = (sandbox: Sandbox): string =>
  bash(`touch ${sandbox.root}/working; until [ -e ${sandbox.root}/go ]; do sleep 0.1; done`);

export const working = (sandbox: Sandbox): Promise<boolean> =>
  eventually('the worker at work', () => existsSync(path.join(sandbox.root, 'working')));

export const go = (sandbox: Sandbox): void => writeFileSync(path.join(sandbox.root, 'go'), '');

/** The node of a task in the drawing; its name is title and state. */
export const nodeOf = (page: Page, taskId: string): Locator =>
  page.locator(`g.graph-node[data-task="${taskId}"]`);

/** The state of the job whose page is open, once it is `word`. */
export const jobIs = (page: Page, word: string): Promise<void> =>
  page.locator('.job-header .badge').getByText(word, { exact: true }).waitFor();
