import { type Command, type For, forEachChild, type Select, type SyntaxNode, type Word } from 'unbash';
import { isUncertain } from '../../markers.ts';
import type { ParsedShell, Problem, SimpleCommand, Stdin } from '../command.ts';
import { customaryName } from './commandName.ts';
import { loopWords } from './loopWords.ts';
import { NESTS, TRANSPARENT } from './nodeKinds.ts';
import { redirectsOf, stdinOf } from './redirects.ts';
import { follow, fork, initialVars, type Scope } from './scope.ts';
import { simpleCommand } from './simpleCommand.ts';
import { SUBSCRIPT } from './subscript.ts';
import { expandWord } from './word.ts';

const MOST_COMMANDS = 2_000;
/** Words of one command: more than a person reads before allowing it. */
const MOST_ARGUMENTS = 4_000;
const MOST_FOLDERS = 8;
export const MOST_DEPTH = 8;
/** Walks the tree in the order of execution and collects every simple command, wherever it stands. */
export class ScriptWalk {
  readonly #commands: SimpleCommand[] = [];
  readonly #problems: Problem[] = [];
  readonly #recursive: string[] = [];
  readonly #scope: Scope;
  readonly #depth: number;
  readonly #root: string;
  #passes = 0;
  #source: string;

  constructor(source: string, cwd: string | undefined, depth: number) {
    this.#source = source;
    this.#root = source;
    this.#depth = depth;
    this.#scope = {
      cwd,
      vars: initialVars(cwd),
      loops: new Map(),
      maybe: [],
      stdin: { kind: 'none' },
      functions: [],
    };
  }

  start(script: SyntaxNode): void {
    this.#visit(script, this.#scope, this.#depth);
  }

  result(): ParsedShell {
    return { commands: this.#commands, problems: this.#problems, recursive: this.#recursive };
  }

  #problem(code: Problem['code'], text: string, node: SyntaxNode): void {
    this.#problems.push({ code, text, span: this.#source.slice(node.pos, node.pos + 200) });
  }

  #visit(node: SyntaxNode, scope: Scope, depth: number): void {
    if (this.#problems.some((problem) => problem.code === 'too-complex')) return;
    if (NESTS.has(node.type) || node.type === 'Script') {
      if (depth > MOST_DEPTH) {
        this.#problem('too-complex', `it is nested deeper than ${MOST_DEPTH} levels`, node);
        return;
      }
    }
    switch (node.type) {
      case 'Script': {
        const outer = this.#source;
        // Scripts between escaped backticks have a decoded source of their own.
        if (node.source !== undefined) this.#source = node.source;
        const error = node.errors?.[0];
        if (error !== undefined)
          this.#problem('unparsable', `the shell grammar does not allow it (${error.message})`, node);
        for (const statement of node.commands) this.#visit(statement, scope, depth + 1);
        this.#source = outer;
        return;
      }
      case 'Statement': {
        const before = scope.cwd;
        this.#visit(node.command, scope, depth);
        // A `cd` may fail: unless `&&` binds it, what follows may as well run where it was before.
        if (scope.cwd !== before) scope.maybe = [...scope.maybe, before].slice(-MOST_FOLDERS);
        return;
      }
      case 'Command': {
        this.#command(node, scope, depth);
        return;
      }
      case 'Pipeline': {
        let from: SimpleCommand | undefined;
        for (const [at, command] of node.commands.entries()) {
          const before = this.#commands.length;
          const stdin: Stdin = at === 0 ? scope.stdin : { kind: 'pipe', from };
          this.#visit(command, node.commands.length === 1 ? scope : { ...fork(scope), stdin }, depth);
          from =
            this.#commands.length === before + 1 && command.type === 'Command'
              ? this.#commands[before]
              : undefined;
        }
        return;
      }
      case 'Redirected': {
        for (const redirect of node.redirects) this.#visit(redirect, scope, depth);
        const stdin = stdinOf(node.redirects, scope.vars) ?? scope.stdin;
        const redirects = redirectsOf(node.redirects, scope.vars);
        if (redirects.length > 0)
          this.#emit({
            words: [],
            isGroup: true,
            assignments: [],
            redirects,
            stdin,
            cwd: scope.cwd,
            maybe: scope.maybe,
            span: this.#text(node),
          });
        const inner = { ...scope, stdin };
        this.#visit(node.command, inner, depth);
        scope.cwd = inner.cwd;
        scope.maybe = inner.maybe;
        return;
      }
      case 'Function':
      case 'For':
      case 'Select':
      case 'While':
      case 'ArithmeticFor':
      case 'Coproc': {
        // A body may run when its variables have changed: nothing is known of them inside, nor after it.
        const inner: Scope = {
          ...scope,
          vars: new Map([...initialVars(undefined), ...scope.loops]),
          functions: node.type === 'Function' ? [...scope.functions, node.name.value] : scope.functions,
          // Whoever has its descriptor can write to it later.
          stdin: node.type === 'Coproc' ? { kind: 'pipe', from: undefined } : scope.stdin,
        };
        forEachChild(node, (child) => {
          if (!('name' in node) || child !== node.name) this.#visit(child, inner, depth + 1);
        });
        if (node.type === 'For' || node.type === 'Select') this.#loop(node, inner, depth);
        if (node.type !== 'Function') {
          scope.cwd = inner.cwd;
          scope.maybe = inner.maybe;
          scope.vars = initialVars(scope.cwd);
        }
        return;
      }
      case 'Subshell':
      case 'CommandExpansion':
      case 'ProcessSubstitution':
      case 'ArithmeticCommandExpansion': {
        const inner = fork(scope);
        if (node.type !== 'Subshell') {
          inner.stdin = { kind: 'none' };
          if (node.script === undefined) {
            this.#problem('unparsable', 'it holds a substitution that cannot be read', node);
            return;
          }
        }
        forEachChild(node, (child) =>
          this.#visit(child, inner, node.type === 'Subshell' ? depth + 1 : depth),
        );
        return;
      }
      case 'TestUnary':
      case 'TestBinary':
        // `[[ -v 'x[$(rm a)]' ]]`: what stands in quotes is expanded all the same.
        if (SUBSCRIPT.test(this.#text(node)))
          this.#problem('unparsable', 'it may run what a subscript holds', node);
        forEachChild(node, (child) => this.#visit(child, scope, depth));
        return;
      default:
        if (
          node.type !== 'If' &&
          node.type !== 'BraceGroup' &&
          node.type !== 'Case' &&
          !TRANSPARENT.has(node.type)
        ) {
          this.#problem('unparsable', 'it holds a construct that no rule knows', node);
          return;
        }
        forEachChild(node, (child) => this.#visit(child, scope, NESTS.has(node.type) ? depth + 1 : depth));
    }
  }

  /** The body once more for each literal word of the list. */
  #loop(node: For | Select, scope: Scope, depth: number): void {
    const words = loopWords(node, scope.vars, this.#passes);
    if (words === undefined) {
      this.#problem('too-complex', 'it loops over too many paths', node);
      return;
    }
    for (const word of words) {
      this.#passes += 1;
      const loops = new Map(scope.loops).set(node.name.value, word);
      const vars = new Map([...initialVars(undefined), ...loops]);
      this.#visit(node.body, { ...scope, vars, loops }, depth + 1);
    }
  }

  /** Only in the text of the call itself: around an inner one stands an outer one that may set its variables. */
  #name(word: Word, scope: Scope): readonly string[] {
    const words = expandWord(word, scope.vars);
    if (this.#depth > 0 || !words.some(isUncertain)) return words;
    const name = customaryName(word, scope.vars, this.#root);
    return name === undefined ? words : [name];
  }

  #text(node: SyntaxNode): string {
    return this.#source.slice(node.pos, node.end);
  }

  #emit(command: SimpleCommand): void {
    this.#commands.push(command);
    if (this.#commands.length > MOST_COMMANDS)
      this.#problems.push({
        code: 'too-complex',
        text: `it holds more than ${MOST_COMMANDS} commands`,
        span: this.#root.slice(0, 200),
      });
  }

  #command(node: Command, scope: Scope, depth: number): void {
    if (node.prefix.length + node.suffix.length + node.redirects.length > MOST_ARGUMENTS) {
      this.#problem('too-complex', `one command has more than ${MOST_ARGUMENTS} words`, node);
      return;
    }
    forEachChild(node, (child) => this.#visit(child, scope, depth));
    const command = simpleCommand(node, scope, (name) => this.#name(name, scope), this.#text(node));
    this.#emit(command);
    const [program = ''] = command.words;
    if (scope.functions.includes(program)) this.#recursive.push(program);
    follow(command, scope);
  }
}
