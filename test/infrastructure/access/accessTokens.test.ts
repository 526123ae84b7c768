import { createServer } from 'node:http';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { ConfigurationError } from '../../../src/domain/errors/index.ts';
import { createAccessTokens } from '../../../src/infrastructure/access/accessTokens.ts';
import { metadataUrls } from '../../../src/infrastructure/access/issuerKeys.ts';
import { createLogger } from '../../../src/infrastructure/telemetry/logger.ts';
import { testClock } from '../../support/access/harness.ts';

const AUDIENCE = 'http://127.0.0.1:7777/mcp';
const NOW = Date.UTC(2026, 0, 2) / 1000;
const address = z.object({ port: z.number() });

type IssuerOptions = {
  readonly path?: string;
  /** Which of the three places has the metadata. */
  readonly place?: number;
  /** What the metadata say instead of the issuer's own name. */
  readonly claims?: string;
  /** Where the keys are said to be. */
  readonly jwksUri?: string;
};

/** A real issuer on loopback, with an ES256 key. */
const startIssuer = async (o: IssuerOptions = {}) => {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256', use: 'sig' };
  const asked: string[] = [];
  const state = { down: false };
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const found =
      `${url}${request.url}` === jwksUri || `http://${request.headers.host}${request.url}` === jwksUri;
    const metadata = metadataUrls(issuer)[o.place ?? 0] === `${url}${request.url}`;
    if (state.down || !(found || metadata)) {
      response.writeHead(state.down ? 503 : 404).end();
      return;
    }
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(found ? { keys: [jwk] } : { issuer: o.claims ?? issuer, jwks_uri: jwksUri }));
  });
  const listening = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', listening.resolve);
  await listening.promise;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = address.parse(server.address());
  const url = `http://127.0.0.1:${port}`;
  const issuer = `${url}${o.path ?? ''}`;
  const jwksUri = o.jwksUri ?? `${url}/keys`;
  return {
    issuer,
    asked,
    state,
    jwk,
    sign: (claims: JWTPayload = {}, header: { kid?: string } = {}, key = privateKey) =>
      new SignJWT({
        iss: issuer,
        sub: 'alice',
        aud: AUDIENCE,
        exp: NOW + 300,
        scope: 'openid orchestrator:agent',
        ...claims,
      })
        .setProtectedHeader({ alg: 'ES256', kid: 'one', ...header })
        .sign(key),
  };
};

const tokensOf = async (...issuers: readonly string[]) => {
  const lines: string[] = [];
  const time = testClock(NOW * 1000);
  const tokens = createAccessTokens({
    issuers,
    audience: () => AUDIENCE,
    clock: time.clock,
    logger: await createLogger({
      level: 'DEBUG',
      format: 'json',
      stream: { write: (line: string) => void lines.push(line) },
    }),
  });
  return { verify: tokens.verify, time, lines };
};

test('a token of a listed issuer is its subject, with the roles of its scopes', async () => {
  const { issuer, sign } = await startIssuer();
  const { verify } = await tokensOf(issuer);
  const alice = await verify(await sign());
  expect(alice).toEqual({ id: expect.stringMatching(/^oauth:[0-9a-f]{32}$/), roles: ['agent'] });
  const all = await verify(
    await sign({ scope: 'orchestrator:viewer orchestrator:admin orchestrator:viewer' }),
  );
  expect(all).toEqual({ id: alice?.id, roles: ['viewer', 'admin'] });
  const scp = await verify(await sign({ scope: undefined, scp: ['orchestrator:approver'] }));
  expect(scp?.roles).toEqual(['approver']);
  expect((await verify(await sign({ sub: 'bob' })))?.id).not.toBe(alice?.id);
  expect(await verify(await sign({ aud: ['elsewhere', AUDIENCE] }))).toEqual(alice);
});

test('everything that is not right about a token refuses it', async () => {
  const { issuer, sign, jwk } = await startIssuer();
  const { verify } = await tokensOf(issuer);
  const stranger = await generateKeyPair('ES256');
  const good = await sign();
  const [head = '', body = '', signature = ''] = good.split('.');
  const claims = { iss: issuer, sub: 'alice', aud: AUDIENCE, exp: NOW + 300, scope: 'orchestrator:admin' };
  const bad = {
    'another audience': sign({ aud: 'https://elsewhere.example' }),
    'no audience': sign({ aud: undefined }),
    expired: sign({ exp: NOW - 60 }),
    'no expiry': sign({ exp: undefined }),
    'not yet': sign({ nbf: NOW + 60 }),
    'no subject': sign({ sub: undefined }),
    'another issuer': sign({ iss: 'https://elsewhere.example' }),
    'no issuer': sign({ iss: undefined }),
    'no scope of ours': sign({ scope: 'openid profile' }),
    'a role that is none': sign({ scope: 'orchestrator:root orchestrator: orchestrator' }),
    'another key': sign({}, {}, stranger.privateKey),
    'an unknown kid': sign({}, { kid: 'two' }),
    'alg none': new UnsecuredJWT(claims).encode(),
    'a shared secret, made of the public key': new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', kid: 'one' })
      .sign(new TextEncoder().encode(JSON.stringify(jwk))),
    'a body that was changed': [
      head,
      Buffer.from(JSON.stringify(claims)).toString('base64url'),
      signature,
    ].join('.'),
    'no signature': `${head}.${body}.`,
    'no token': 'one.two.three',
    'too long': `${'a'.repeat(20_000)}.b.c`,
    empty: '',
  };
  for (const [what, token] of Object.entries(bad)) expect(await verify(await token), what).toBeUndefined();
  expect(await verify(good)).toBeDefined();
});

test.each([0, 1, 2])(
  'an issuer with a path is found by its metadata, wherever they are (%i)',
  async (place) => {
    const { issuer, sign } = await startIssuer({ path: '/realms/one', place });
    const { verify } = await tokensOf(issuer);
    expect(await verify(await sign())).toBeDefined();
  },
);

test('an issuer’s name may end with a slash', async () => {
  const { issuer, sign } = await startIssuer();
  const { verify } = await tokensOf(issuer);
  expect(await verify(await sign({ iss: `${issuer}/` }))).toBeDefined();
});

test('metadata that speak for another issuer, or keys that anyone on the way can change, are not believed', async () => {
  for (const part of [{ claims: 'https://other.example' }, { jwksUri: 'http://keys.example/keys' }]) {
    const { issuer, sign, asked } = await startIssuer(part);
    const { verify, lines } = await tokensOf(issuer);
    expect(await verify(await sign())).toBeUndefined();
    expect(asked).toHaveLength(1);
    expect(lines.join('')).toContain('could not be asked');
  }
});

test('no issuer is asked for a token that is not its own, and keys are asked for once', async () => {
  const { issuer, sign, asked } = await startIssuer();
  const { verify } = await tokensOf(issuer);
  await verify(await sign({ iss: 'https://elsewhere.example' }));
  await verify('not.a.token');
  expect(asked).toEqual([]);
  for (let n = 0; n < 5; n += 1) await verify(await sign());
  // Unknown keys do not make it ask again and again.
  for (let n = 0; n < 5; n += 1) await verify(await sign({}, { kid: `k${n}` }));
  expect(asked.filter((path) => path === '/keys')).toHaveLength(1);
  expect(asked).toHaveLength(2);
});

test('an issuer that is down is asked again only after a while, and its tokens are refused meanwhile', async () => {
  const { issuer, sign, asked, state } = await startIssuer();
  const { verify, time, lines } = await tokensOf(issuer);
  state.down = true;
  for (let n = 0; n < 5; n += 1) expect(await verify(await sign())).toBeUndefined();
  expect(asked).toHaveLength(metadataUrls(issuer).length);
  expect(lines.join('')).not.toContain('alice');
  state.down = false;
  expect(await verify(await sign())).toBeUndefined();
  time.advance(10_000);
  expect(await verify(await sign())).toBeDefined();
});

test('an issuer that is not behind https is a wrong setting, unless it is on this machine', async () => {
  await expect(tokensOf('http://issuer.example')).rejects.toThrow(ConfigurationError);
  await expect(tokensOf('http://127.0.0.1.evil.example')).rejects.toThrow(ConfigurationError);
  await tokensOf('https://issuer.example', 'http://localhost:9', 'http://[::1]:9');
});
