import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { html } from 'hono/html';
import { PERSON } from '../../domain/principal.ts';
import type { HttpEnv } from '../http/env.ts';
import { unauthenticated } from '../http/middleware/credentials.ts';
import { HttpRefusal } from '../http/refusal.ts';
import { linkAnswerSchema } from '../wire/session.ts';
import { jsonAnswer, problem } from './openApi.ts';
import { type AuthDeps, currentSession, enter } from './session.ts';

const tags = ['auth'];

const make = createRoute({
  method: 'post',
  path: '/auth/link',
  operationId: 'makeLink',
  tags,
  summary: 'A link that opens the dashboard once, within 60 seconds, for whoever has this user’s token',
  responses: {
    200: jsonAnswer('The link.', linkAnswerSchema),
    403: problem('Another credential than this user’s own token.'),
  },
});

const open = createRoute({
  method: 'get',
  path: '/auth/link/{code}',
  operationId: 'openLink',
  tags,
  security: [],
  summary: 'Open the dashboard by a link',
  request: { params: z.object({ code: z.string().min(1).max(200) }) },
  responses: {
    303: { description: 'To the dashboard, with the session’s cookie.' },
    403: problem('A browser only fetched it ahead; the link is still good.'),
    410: { description: 'The link is used or expired.', content: { 'text/html': { schema: z.string() } } },
  },
});

/** Says nothing of which of the two it is, and how to get a new one. */
const SPENT = html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <meta name="color-scheme" content="light dark" />
    <title>Link used or expired</title>
  </head>
  <body>
    <h1>This link was used already, or its 60 seconds are over.</h1>
    <p>For a new one run <code>claude-orchestrator dashboard</code> on the machine of the server.</p>
    <p>Or <a href="/">sign in</a> with a passkey, the passphrase or a key.</p>
  </body>
</html>`;

/** How browsers say that nobody has asked for the page yet. */
const AHEAD = /\b(prefetch|prerender|preview)\b/i;
const PURPOSES = ['Sec-Purpose', 'Purpose', 'X-Purpose', 'X-Moz'] as const;

/**
 * A link is good once, so that only somebody who opens it may use it up.
 * @throws HttpRefusal 405 for HEAD, which the router hands to the route of GET; 403 for what is fetched ahead.
 */
const demandVisit = (c: Context<HttpEnv>): void => {
  if (c.req.method !== 'GET') {
    throw new HttpRefusal(405, 'A link is opened by GET.', 'Open the link in a browser.', { Allow: 'GET' });
  }
  if (PURPOSES.some((name) => AHEAD.test(c.req.header(name) ?? ''))) {
    throw new HttpRefusal(403, 'A link is not fetched ahead.', 'Open the link in a browser.');
  }
};

/** One-time links: how the command line opens the dashboard without a secret in any address that stays good. */
export const mountLinkRoutes = (app: OpenAPIHono<HttpEnv>, deps: AuthDeps): void => {
  app.openapi(make, async (c) => {
    const identity: HttpEnv['Variables']['identity'] | undefined = c.get('identity');
    // A link's own session must not make links: it would never end.
    if (identity === undefined || c.get('credential') !== 'header') throw unauthenticated();
    const code = deps.access.makeLink(identity.principal);
    return c.json({ url: `${deps.settings.publicUrl}${c.req.path}/${code}` }, 200);
  });
  app.openapi(open, async (c) => {
    demandVisit(c);
    const before = await currentSession(c, deps);
    const opened = await deps.access.logins.byLink(c.req.valid('param').code);
    if (opened === undefined) return c.html(SPENT, 410);
    // A person who is signed in stays the person.
    if (before?.session.principal === PERSON.id) await deps.access.logout(opened.secret);
    else await enter(c, deps, opened);
    return c.redirect('/', 303);
  });
};
