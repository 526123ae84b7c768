import { z } from 'zod';

/** `local-agent`, `person`, `key:<id>` or `oauth:<subject>`: who a credential belongs to. */
export const principalIdSchema = z
  .string()
  .max(300)
  .regex(/^[a-z-]+(:[\x21-\x7e]+)?$/, 'a principal is a kind, or a kind and an id')
  .brand<'PrincipalId'>();
export type PrincipalId = z.infer<typeof principalIdSchema>;

export const roleSchema = z.enum(['agent', 'viewer', 'approver', 'admin']);
export type Role = z.infer<typeof roleSchema>;

/** Who acts. It comes from the credential alone, never from an argument. */
export type Principal = { readonly id: PrincipalId; readonly roles: readonly Role[] };

/** Whoever runs as the same user and can read the state directory: agents, their fronts, a plain command line. */
export const LOCAL_AGENT: Principal = { id: principalIdSchema.parse('local-agent'), roles: ['agent'] };

/** Whoever proved to be the person of this machine: by a passkey, or by the passphrase. */
export const PERSON: Principal = { id: principalIdSchema.parse('person'), roles: ['approver', 'admin'] };

export type Permission = 'submit' | 'read_all' | 'read_audit' | 'steer_own' | 'steer_all' | 'manage_keys';

/** Everyone sees what they submitted themselves; everything else stands here. */
const GRANTS: Readonly<Record<Role, readonly Permission[]>> = {
  agent: ['submit', 'steer_own'],
  viewer: ['read_all'],
  approver: ['read_all', 'read_audit'],
  admin: ['submit', 'read_all', 'read_audit', 'steer_own', 'steer_all', 'manage_keys'],
};

export const may = (principal: Principal, permission: Permission): boolean =>
  principal.roles.some((role) => GRANTS[role].includes(permission));

/** True where the principal may know of a job that `owner` submitted. */
export const maySee = (principal: Principal, owner: PrincipalId): boolean =>
  principal.id === owner || may(principal, 'read_all');

/** True where the principal may let a job of `owner` go on that was stopped because of its denials. */
export const mayLetGoOn = (principal: Principal, owner: PrincipalId): boolean =>
  principal.id === PERSON.id ||
  (principal.id !== owner && principal.roles.some((role) => role === 'approver' || role === 'admin'));

/** True where the principal may steer and cancel a job that `owner` submitted. */
export const maySteer = (principal: Principal, owner: PrincipalId): boolean =>
  may(principal, 'steer_all') || (principal.id === owner && may(principal, 'steer_own'));
