import { Hono } from 'hono';
import type { HttpEnv } from '../../http/env.ts';
import { REFERENCE_STYLE, referencePage } from './page.ts';
import type { ApiDocument } from './shape.ts';

const CACHE = { 'Cache-Control': 'public, max-age=300' };

/** The document (`/v1/openapi.json`) and the page that shows it (`/docs`), to be mounted at `/api`; open to all. */
export const createDocsRoutes = (document: () => ApiDocument): Hono<HttpEnv> => {
  // Made when it is first asked for: most servers are never asked.
  let made: { readonly json: string; readonly page: string } | undefined;
  const texts = () => {
    if (made === undefined) {
      const given = document();
      made = { json: JSON.stringify(given), page: String(referencePage(given)) };
    }
    return made;
  };
  const app = new Hono<HttpEnv>();
  app.get('/v1/openapi.json', (c) =>
    c.body(texts().json, 200, { ...CACHE, 'Content-Type': 'application/json' }),
  );
  app.get('/docs', (c) => c.html(texts().page, 200, CACHE));
  app.get('/docs.css', (c) =>
    c.body(REFERENCE_STYLE, 200, { ...CACHE, 'Content-Type': 'text/css; charset=utf-8' }),
  );
  return app;
};
