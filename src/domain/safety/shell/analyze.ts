import { type Effect, riskEffect } from '../effect.ts';
import { absolute, isInside, normalize } from '../lexicalPath.ts';
import { HOME, isDynamic, isUncertain, SPLIT } from '../markers.ts';
import type { SimpleCommand } from './command.ts';
import type { Finding } from './rule.ts';
import { assignmentFindings } from './rules/environment.ts';
import { ruleFor } from './rules/index.ts';
import { parseShell } from './syntax/grammar.ts';
import { MOST_DEPTH } from './syntax/walk.ts';

/** Wrappers within wrappers and scripts within scripts together must not grow without bound. */
const MOST_EFFECTS = 5_000;
/** A reason shows this much of its command. */
const SPAN = 200;

/** `cat /dev/null > file` has no other purpose; `: > file` also creates files and stays a write. */
const emptiesByRedirect = ({ words: [name, ...args], redirects }: SimpleCommand): boolean =>
  name === 'cat' &&
  args.length > 0 &&
  args.every((arg) => arg === '/dev/null') &&
  redirects.some(({ access, target }) => access === 'write' && !target.startsWith('/dev/'));

/** Gathers what one shell text does, commands within commands included. */
class Analysis {
  readonly effects: Effect[] = [];
  readonly #downloads = new Set<string>();
  readonly #executed = new Map<string, string>();
  /** Links made so far: nobody has looked up where they lead. */
  readonly #links = new Map<string, boolean>();

  script(text: string, cwd: string | undefined, depth: number): void {
    if (depth > MOST_DEPTH) {
      this.#risk('too-complex', 'HIGH', text, `it is nested deeper than ${MOST_DEPTH} levels`);
      return;
    }
    const parsed = parseShell(text, cwd, depth);
    for (const problem of parsed.problems) this.#risk(problem.code, 'HIGH', problem.span, problem.text);
    for (const name of parsed.recursive)
      this.#risk('system', 'HIGH', name, 'it is a function that calls itself without end');
    for (const command of parsed.commands) this.#command(command, depth);
  }

  finish(): readonly Effect[] {
    for (const [path, span] of this.#executed)
      if (this.#downloads.has(path))
        this.#risk('download-run', 'HIGH', span, 'it runs what it has just downloaded');
    return this.effects;
  }

  #risk(code: string, level: 'SAFE' | 'MEDIUM' | 'HIGH', span: string, text: string): void {
    this.effects.push(riskEffect(code, level, span.slice(0, SPAN), text));
  }

  /** Beyond the cap one refusal stands for all the rest. */
  #isFull(span: string): boolean {
    if (this.effects.length === MOST_EFFECTS)
      this.#risk('too-complex', 'HIGH', span, 'it does too much at once');
    return this.effects.length >= MOST_EFFECTS;
  }

  #path(access: 'read' | 'write', path: string, cwd: string | undefined, span: string): void {
    if (path === '' || path === '-' || this.#isFull(span)) return;
    if (/^\/dev\/(tcp|udp)\//u.test(path)) {
      this.#risk('network', 'HIGH', span, 'it opens a network connection');
      return;
    }
    if (cwd === undefined && !/^[/\u0001]/u.test(path)) {
      if (access === 'write')
        this.#risk(
          'unknown-path',
          path.includes('..') ? 'HIGH' : 'MEDIUM',
          span,
          'its path is known only when it runs',
        );
      return;
    }
    if (this.#throughLink(access, path, cwd))
      this.#risk('unresolved-path', 'HIGH', span, 'it goes through a link that the same command makes');
    // An unknown start may be absolute: nothing of the path is known then.
    const whole = isUncertain(path.slice(0, 1)) ? path : absolute(cwd ?? '/', path);
    this.effects.push({ type: 'path', access, path: whole, span: span.slice(0, SPAN), by: 'shell' });
  }

  /** `..` out of a new link leads elsewhere than the text says; what is written through one that climbs, too. */
  #throughLink(access: 'read' | 'write', path: string, cwd: string | undefined): boolean {
    if (this.#links.size === 0) return false;
    const whole = absolute(cwd ?? '/', path);
    const folders = whole
      .split('/')
      .flatMap((part, at, all) => (part === '..' ? [normalize(all.slice(0, at).join('/'))] : []));
    const end = normalize(whole);
    return [...this.#links].some(
      ([link, climbs]) =>
        folders.some((folder) => isInside(link, folder)) ||
        (access === 'write' && climbs && isInside(link, end)),
    );
  }

  #paths(access: 'read' | 'write', path: string, { cwd, maybe, span }: SimpleCommand): void {
    // Only a path that climbs can leave the fence from one folder and not from the other.
    for (const folder of new Set([cwd, ...(path.includes('..') ? maybe : [])]))
      this.#path(access, path, folder, span);
  }

  #command(command: SimpleCommand, depth: number): void {
    const { span } = command;
    if (this.#isFull(span)) return;
    for (const { access, target } of command.redirects) this.#paths(access, target, command);
    if (emptiesByRedirect(command)) this.#risk('delete', 'HIGH', span, 'it empties a file');
    for (const { name, value } of command.assignments)
      for (const finding of assignmentFindings(name, value)) this.#finding(finding, command, depth);
    if (command.words.length > 0) this.#invoke(command, depth);
  }

  #invoke(command: SimpleCommand, depth: number): void {
    const { span } = command;
    if (this.#isFull(span)) return;
    if (depth > MOST_DEPTH) {
      this.#risk('too-complex', 'HIGH', span, `it is nested deeper than ${MOST_DEPTH} levels`);
      return;
    }
    const [given = '', ...args] = command.words;
    if (isUncertain(given) || given === '' || /[\ufffd]/u.test(given) || given.includes(SPLIT)) {
      this.#risk('dynamic-command', 'HIGH', span, 'which program it runs is known only when it runs');
      return;
    }
    const { name, rule, standard } = ruleFor(given);
    if (given.includes('/')) this.#finding({ is: 'execute', path: given }, command, depth);
    const base =
      rule !== undefined && rule.base === 'SAFE' && standard && command.assignments.length === 0
        ? 'SAFE'
        : 'MEDIUM';
    this.#risk(
      base === 'SAFE' ? 'read' : 'command',
      base,
      span,
      base === 'SAFE' ? 'it only reads' : 'it runs a program',
    );
    for (const finding of rule?.findings?.({ name, args, stdin: command.stdin }) ?? [])
      this.#finding(finding, command, depth);
  }

  #finding(finding: Finding, command: SimpleCommand, depth: number): void {
    const { cwd, span } = command;
    switch (finding.is) {
      case 'risk':
        this.effects.push(riskEffect(finding.code, finding.risk, span.slice(0, SPAN), finding.text));
        return;
      case 'read':
      case 'write': {
        this.#paths(finding.is, finding.path, command);
        return;
      }
      case 'script':
        if (isDynamic(finding.text))
          this.#risk('dynamic-script', 'HIGH', span, 'it runs a script that is known only when it runs');
        else
          this.script(
            finding.text.replaceAll(HOME, '$HOME').replaceAll('\u0003', '*').replaceAll(SPLIT, ' '),
            cwd,
            depth + 1,
          );
        return;
      case 'argv': {
        const elsewhere =
          finding.cwd === undefined
            ? cwd
            : isUncertain(finding.cwd) || cwd === undefined
              ? undefined
              : absolute(cwd, finding.cwd);
        if (finding.words.length > 0)
          this.#invoke(
            {
              ...command,
              words: finding.words,
              assignments: [],
              cwd: elsewhere,
              maybe: finding.cwd === undefined ? command.maybe : [],
            },
            depth + 1,
          );
        return;
      }
      case 'download':
        this.#downloads.add(absolute(cwd ?? '/', finding.path));
        this.#paths('write', finding.path, command);
        return;
      case 'move': {
        const moved = normalize(absolute(cwd ?? '/', finding.path));
        if ([...this.#links].some(([link, climbs]) => climbs && isInside(moved, link)))
          this.#risk('unresolved-path', 'HIGH', span, 'it moves a relative link that the same command makes');
        return;
      }
      case 'link':
        this.#links.set(normalize(absolute(cwd ?? '/', finding.path)), finding.climbs);
        return;
      case 'execute':
        this.#executed.set(absolute(cwd ?? '/', finding.path), span);
        return;
    }
  }
}

/** All that a shell text would do when it runs in `cwd`. Pure; never throws. */
export const shellEffects = (text: string, cwd: string): readonly Effect[] => {
  const analysis = new Analysis();
  analysis.script(text, cwd, 0);
  return analysis.finish();
};
