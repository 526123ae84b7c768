import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { PASSPHRASE } from '../support/access/harness.ts';
import { cookieOf, startAuthServer } from '../support/access/server.ts';
import { HOSTILE } from './hostile.ts';

const V1 = '/api/v1';

const tablesOf = (file: string): readonly unknown[] => {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return database.prepare('select type, name, sql from sqlite_schema order by name').all();
  } finally {
    database.close();
  }
};

test('what is sent to the routes of keys and sign-in is refused or kept to the letter, opens nothing, and no table changes', async () => {
  const server = await startAuthServer();
  await server.setPassphrase();
  const login = await server.call('POST', `${V1}/auth/login/passphrase`, { passphrase: PASSPHRASE });
  const cookie = cookieOf(login);
  const tables = tablesOf(server.file);
  const kept: string[] = [];
  for (const text of HOSTILE) {
    const made = await server.call('POST', `${V1}/keys`, { label: text, role: 'viewer' }, { cookie });
    expect([text, made.status]).toEqual([text, made.status === 400 ? 400 : 201]);
    if (made.status === 201) kept.push(Object(made.body).label);
    if (made.status === 201) expect(Object(made.body).label).toBe(text.trim());
    const segment = encodeURIComponent(text);
    const statuses = [
      await server.call('POST', `${V1}/keys`, { label: 'k', role: text }, { cookie }),
      await server.call('DELETE', `${V1}/keys/${segment}`, undefined, { cookie }),
      await server.call('POST', `${V1}/keys/${segment}/rotate`, {}, { cookie }),
    ].map(({ status }) => status);
    expect([text, statuses]).toEqual([text, [400, 400, 400]]);
    const entered = [
      await server.call('POST', `${V1}/auth/login/key`, { api_key: text }),
      await server.call('GET', `${V1}/whoami`, undefined, { cookie: `co_session=${segment}` }),
      await server.call('GET', `${V1}/auth/link/${segment}`),
    ];
    for (const { status, headers } of entered) {
      expect([text, [400, 401, 410, 429].includes(status)]).toEqual([text, true]);
      expect(headers.getSetCookie()).toEqual([]);
    }
  }
  expect(kept.length).toBeGreaterThan(5);
  const { body } = await server.call('GET', `${V1}/keys`, undefined, { cookie });
  const listed: readonly { readonly label: string }[] = Object(body).keys;
  expect(listed.map(({ label }) => label).toSorted()).toEqual(kept.toSorted());
  expect(tablesOf(server.file)).toEqual(tables);
});
