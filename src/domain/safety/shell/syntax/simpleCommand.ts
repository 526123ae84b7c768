import type { Command, SyntaxNode, Word } from 'unbash';
import { DYNAMIC } from '../../markers.ts';
import type { SimpleCommand } from '../command.ts';
import { redirectsOf, stdinOf } from './redirects.ts';
import type { Scope } from './scope.ts';
import { expandOne, expandWord } from './word.ts';

type Assignment = Extract<SyntaxNode, { type: 'Assignment' }>;

const assigned = ({ name, value, append, index }: Assignment, scope: Scope) => ({
  name,
  value: value.type === 'Word' && !append && index === undefined ? expandOne(value, scope.vars) : DYNAMIC,
});

/**
 * A command of the tree with its words expanded as far as the scope knows them.
 * @param named the words that the command's name becomes
 * @param span its source text
 */
export const simpleCommand = (
  node: Command,
  scope: Scope,
  named: (name: Word) => readonly string[],
  span: string,
): SimpleCommand => {
  const words = [...(node.name === undefined ? [] : named(node.name))];
  const assignments = node.prefix.flatMap((child) =>
    child.type === 'Assignment' ? [assigned(child, scope)] : [],
  );
  for (const child of node.suffix) {
    if (child.type === 'Word') words.push(...expandWord(child, scope.vars));
    // Only declarations assign here; for `env A=b` and `dd of=x` the text is an operand.
    else if (child.type === 'Assignment') {
      const assignment = assigned(child, scope);
      assignments.push(assignment);
      words.push(`${assignment.name}=${assignment.value}`);
    }
  }
  return {
    words,
    assignments,
    redirects: redirectsOf(node.redirects, scope.vars),
    stdin: stdinOf(node.redirects, scope.vars) ?? scope.stdin,
    cwd: scope.cwd,
    maybe: scope.maybe,
    span,
  };
};
