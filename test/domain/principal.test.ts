import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  LOCAL_AGENT,
  may,
  maySee,
  maySteer,
  PERSON,
  type Permission,
  principalIdSchema,
  type Role,
  roleSchema,
} from '../../src/domain/principal.ts';

const me = principalIdSchema.parse('key:me');
const other = principalIdSchema.parse('key:other');
const PERMISSIONS = ['submit', 'read_all', 'read_audit', 'steer_own', 'steer_all', 'manage_keys'] as const;

/** The whole table, written again by hand: role, permissions, sees others' jobs, steers own, steers others'. */
const TABLE: readonly (readonly [Role, readonly Permission[], boolean, boolean, boolean])[] = [
  ['agent', ['submit', 'steer_own'], false, true, false],
  ['viewer', ['read_all'], true, false, false],
  ['approver', ['read_all', 'read_audit'], true, false, false],
  ['admin', ['submit', 'read_all', 'read_audit', 'steer_own', 'steer_all', 'manage_keys'], true, true, true],
];

test.each(TABLE)('%s may exactly what its row says', (role, permissions, seesAll, steersOwn, steersAll) => {
  const principal = { id: me, roles: [role] };
  expect(PERMISSIONS.filter((permission) => may(principal, permission))).toEqual(permissions);
  expect([maySee(principal, me), maySee(principal, other)]).toEqual([true, seesAll]);
  expect([maySteer(principal, me), maySteer(principal, other)]).toEqual([steersOwn, steersAll]);
});

test('more roles never take anything away, and none at all give nothing but one’s own jobs to see', () => {
  const roles = fc.subarray([...roleSchema.options]);
  fc.assert(
    fc.property(roles, roles, (some, more) => {
      const [few, many] = [some, [...some, ...more]].map((list) => ({ id: me, roles: list }));
      if (few === undefined || many === undefined) return;
      for (const permission of PERMISSIONS)
        if (may(few, permission)) expect(may(many, permission)).toBe(true);
      for (const owner of [me, other]) {
        if (maySee(few, owner)) expect(maySee(many, owner)).toBe(true);
        if (maySteer(few, owner)) expect(maySteer(many, owner)).toBe(true);
        // Nobody changes what they cannot see.
        if (maySteer(few, owner)) expect(maySee(few, owner)).toBe(true);
      }
    }),
  );
  const nobody = { id: me, roles: [] };
  expect(PERMISSIONS.filter((permission) => may(nobody, permission))).toEqual([]);
  expect([maySee(nobody, me), maySee(nobody, other)]).toEqual([true, false]);
});

test('this user’s token is no more than an agent, and only the person approves and manages from here', () => {
  expect(LOCAL_AGENT).toEqual({ id: 'local-agent', roles: ['agent'] });
  expect(PERSON).toEqual({ id: 'person', roles: ['approver', 'admin'] });
});

test('a principal’s id cannot hold what separates it from something else', () => {
  for (const bad of [
    '',
    'Key:1',
    'key:',
    'key:a b',
    'key:a\nb',
    'key:\u00e4',
    ':x',
    'key:x'.padEnd(301, 'x'),
  ]) {
    expect(principalIdSchema.safeParse(bad).success, bad).toBe(false);
  }
});
