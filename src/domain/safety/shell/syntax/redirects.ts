import type { Redirection } from 'unbash';
import { isUncertain } from '../../markers.ts';
import type { ShellRedirect, Stdin } from '../command.ts';
import { expandOne, heredocText, type Variables } from './word.ts';

const isStdin = ({ descriptor }: Redirection): boolean =>
  descriptor === undefined || (descriptor.type === 'FileDescriptor' && descriptor.value === 0);

/** What redirections put on standard input; undefined where they leave it alone. */
export const stdinOf = (redirects: readonly Redirection[], vars: Variables): Stdin | undefined => {
  let stdin: Stdin | undefined;
  for (const redirect of redirects.filter(isStdin)) {
    if (redirect.type === 'HereDoc')
      stdin = { kind: 'text', text: redirect.body === undefined ? '' : heredocText(redirect.body, vars) };
    else if (redirect.type === 'HereString')
      stdin = { kind: 'text', text: redirect.target === undefined ? '' : expandOne(redirect.target, vars) };
    else if (redirect.operator === '<' && redirect.target !== undefined) {
      const file = expandOne(redirect.target, vars);
      stdin = isUncertain(file) ? { kind: 'pipe', from: undefined } : { kind: 'none', file };
    }
  }
  return stdin;
};

/** The files that redirections open. `2>&1` and `>&-` name descriptors, no files. */
export const redirectsOf = (redirects: readonly Redirection[], vars: Variables): readonly ShellRedirect[] =>
  redirects.flatMap((redirect): readonly ShellRedirect[] => {
    if (redirect.type !== 'Redirect' || redirect.target === undefined) return [];
    const target = expandOne(redirect.target, vars);
    if (redirect.operator.endsWith('&') && /^(\d+-?|-)$/u.test(target)) return [];
    if (['<', '<&'].includes(redirect.operator)) return [{ access: 'read', target }];
    return [{ access: 'write', target, ...(redirect.operator.includes('>>') ? { appends: true } : {}) }];
  });
