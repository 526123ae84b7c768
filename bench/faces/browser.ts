import type { Browser, Page } from 'playwright-core';
import { z } from 'zod';
import type { LocalServer } from './localServer.ts';

/** A view of the dashboard and how one sees that it is all there. */
export type View = {
  readonly path: string;
  /** At least `count` elements match `selector`. */
  readonly selector: string;
  readonly count: number;
};

export type Seen = {
  /** From the start of the navigation, milliseconds. */
  readonly firstPaintMs: number;
  /** Until all was in the page and the next frame began. */
  readonly allMs: number;
  /** Paths of what was loaded, without the API. */
  readonly files: readonly string[];
};

const seenSchema = z.object({ firstPaintMs: z.number(), allMs: z.number() });
const PATIENCE_MS = 30_000;

/** Runs in the page from its first moment. What is seen in one frame has been painted when the next begins. */
const watcher = ({ selector, count }: View): string => `
  globalThis.allSeen = new Promise((resolve) => {
    const look = () => requestAnimationFrame(() => {
      if (document.querySelectorAll(${JSON.stringify(selector)}).length < ${count}) return look();
      requestAnimationFrame(() => {
        const allMs = performance.now();
        // The browser may tell of its first paint only after all is painted.
        const finish = () => {
          const [paint] = performance.getEntriesByName('first-contentful-paint');
          if (paint === undefined) return requestAnimationFrame(finish);
          resolve({ firstPaintMs: paint.startTime, allMs });
        };
        finish();
      });
    });
    look();
  });`;

/** A session's cookie, by the link that `claude-orchestrator dashboard` prints. */
export const openSession = async ({ client }: LocalServer) => {
  const link = await client.dashboardLink();
  const answer = await fetch(link, { redirect: 'manual' });
  const [cookie = ''] = answer.headers.getSetCookie();
  const [pair = ''] = cookie.split(';');
  const [name = '', value = ''] = pair.split('=');
  return { origin: new URL(link).origin, name, value };
};
export type Session = Awaited<ReturnType<typeof openSession>>;

const watch = async (page: Page, origin: string, view: View): Promise<Seen> => {
  const files: string[] = [];
  page.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (!pathname.startsWith('/api/')) files.push(pathname);
  });
  await page.addInitScript(watcher(view));
  await page.goto(origin + view.path);
  await page.locator(view.selector).first().waitFor();
  const seen: unknown = await page.evaluate(() => Reflect.get(globalThis, 'allSeen'));
  return { ...seenSchema.parse(seen), files };
};

/** Opens a view signed in, in a window of its own with an empty cache. */
export const openView = async (browser: Browser, session: Session, view: View): Promise<Seen> => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  context.setDefaultTimeout(PATIENCE_MS);
  try {
    await context.addCookies([{ name: session.name, value: session.value, url: session.origin }]);
    return await watch(await context.newPage(), session.origin, view);
  } finally {
    await context.close();
  }
};
