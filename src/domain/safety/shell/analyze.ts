import { type Effect, riskEffect } from '../effect.ts';
import { absolute, isAbsolute, isInside, MOST_PATH, normalize } from '../lexicalPath.ts';
import { DYNAMIC, HOME, isDynamic, isUncertain, SPLIT } from '../markers.ts';
import type { Risk } from '../verdict.ts';
import type { SimpleCommand } from './command.ts';
import { isBroad, isDisk } from './places.ts';
import type { Finding, Place } from './rule.ts';
import { assignmentFindings } from './rules/environment.ts';
import { ruleFor } from './rules/index.ts';
import { codeFindings } from './rules/inlineCode.ts';
import { contentOf, copiesOf, outputsOf } from './rules/written.ts';
import { StagedFiles, type StagedScript } from './staged.ts';
import { MOST_CHARACTERS, parseShell } from './syntax/grammar.ts';
import { SUBSCRIPT } from './syntax/subscript.ts';
import { MOST_DEPTH } from './syntax/walk.ts';

/** Wrappers within wrappers and scripts within scripts together must not grow without bound. */
const MOST_EFFECTS = 2_000;
const FIRST_COMMANDS = 400;
/** A reason shows this much of its command. */
const SPAN = 200;

/** `cat /dev/null > file` has no other purpose; `: > file` also creates files and stays a write. */
const emptiedByRedirect = ({ words: [name, ...args], redirects }: SimpleCommand): readonly string[] =>
  name === 'cat' && args.length > 0 && args.every((arg) => arg === '/dev/null')
    ? redirects.flatMap(({ access, target }) =>
        access === 'write' && !target.startsWith('/dev/') ? [target] : [],
      )
    : [];

const COMPUTES: ReadonlySet<string> = new Set(
  'test [ [[ printf unset read declare typeset local let export readonly'.split(' '),
);

/** `x='a[$(rm b)]'; ((x))` and `${x@P}`: the shell expands text a second time. */
const expandsAgain = ({ words, assignments, span }: SimpleCommand): boolean =>
  assignments.some(({ value }) => SUBSCRIPT.test(value)) ||
  (COMPUTES.has(words[0] ?? '') && words.slice(1).some((word) => SUBSCRIPT.test(word))) ||
  (span.includes('@P}') && /\$\{[^}\n]{1,200}@P\}/u.test(span));

/** Latin letters next to those of scripts that look like them. */
const LOOK_ALIKE = /[a-z].*[\u0370-\u03ff\u0400-\u052f]|[\u0370-\u03ff\u0400-\u052f].*[a-z]/iu;

/** `curl URL > file`: what is fetched goes to the file all the same. */
const downloaded = ({ words: [name = ''], redirects }: SimpleCommand): readonly string[] =>
  /(^|\/)(curl|wget|fetch|http|xh)$/u.test(name)
    ? redirects.flatMap(({ access, target }) => (access === 'write' ? [target] : []))
    : [];

/** Builtins that start no program, whatever stands before or behind them. */
const STARTS_NOTHING: ReadonlySet<string> = new Set(
  'echo printf : true false test [ read pwd type wait umask getopts return break continue'.split(' '),
);

/** Texts of package scripts by key: `npm:<absolute folder>:<script>`. */
export type Scripts = ReadonlyMap<string, string>;

/** Gathers what one shell text does, commands within commands included. */
class Analysis {
  readonly effects: Effect[] = [];
  readonly #downloads = new Set<string>();
  readonly #executed = new Map<string, string>();
  readonly #staged = new StagedFiles();
  readonly #seen = new Set<string>();
  /** Links made so far: nobody has looked up where they lead. */
  readonly #links = new Map<string, boolean>();
  readonly #start: string;
  readonly #scripts: Scripts;
  /** Some text gives names of commands another meaning. */
  #renames = false;
  /** Where the commands run that are judged just now. */
  #place: Place | undefined;

  constructor(start: string, scripts: Scripts) {
    this.#start = start;
    this.#scripts = scripts;
  }

  script(text: string, cwd: string | undefined, depth: number): void {
    if (depth > MOST_DEPTH) {
      this.#risk('too-complex', 'HIGH', text, `it is nested deeper than ${MOST_DEPTH} levels`);
      return;
    }
    this.#renames ||=
      text.length <= MOST_CHARACTERS && /\(\s*\)|\b(function|alias|hash|enable|posix|PATH)\b/u.test(text);
    const parsed = parseShell(text, cwd, depth);
    for (const problem of parsed.problems) this.#risk(problem.code, 'HIGH', problem.span, problem.text);
    for (const name of new Set(parsed.recursive))
      this.#risk('system', 'HIGH', name, 'it is a function that calls itself without end');
    // Refused as a whole already: its first commands say enough of why.
    const whole = parsed.problems.every(({ code }) => code !== 'too-complex');
    for (const command of whole ? parsed.commands : parsed.commands.slice(0, FIRST_COMMANDS))
      this.#command(command, depth);
  }

  finish(): readonly Effect[] {
    for (let round = 0; round <= MOST_DEPTH; round += 1)
      for (const script of this.#staged.take()) this.#stagedScript(script);
    for (const { command } of this.#staged.take())
      this.#risk('too-complex', 'HIGH', command.span, 'its scripts write and run scripts without end');
    for (const [path, span] of this.#executed)
      if (this.#downloads.has(path))
        this.#risk('download-run', 'HIGH', span, 'it runs what it has just downloaded');
    return this.effects;
  }

  #risk(code: string, level: Risk, span: string, text: string): void {
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
    if (path.length > MOST_PATH) {
      this.#risk('too-complex', 'HIGH', span, 'it names a path longer than any system takes');
      return;
    }
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
    if (access === 'write' && isDisk(path)) this.#risk('disk', 'CRITICAL', span, 'it overwrites a disk');
    if (this.#throughLink(access, path, cwd))
      this.#risk('unresolved-path', 'HIGH', span, 'it goes through a link that the same command makes');
    // An unknown start may be absolute: nothing of the path is known then.
    const whole = isUncertain(path.slice(0, 1)) ? path : absolute(cwd ?? '/', path);
    this.effects.push({ type: 'path', access, path: whole, span: span.slice(0, SPAN), by: 'shell' });
  }

  /** `..` out of a new link leads elsewhere than the text says; what is written through one that climbs, too. */
  #throughLink(access: 'read' | 'write' | 'delete', path: string, cwd: string | undefined): boolean {
    if (this.#links.size === 0) return false;
    const whole = absolute(cwd ?? '/', path);
    const folders = whole
      .split('/')
      .flatMap((part, at, all) => (part === '..' ? [normalize(all.slice(0, at).join('/'))] : []));
    const end = normalize(whole);
    return [...this.#links].some(
      ([link, climbs]) =>
        folders.some((folder) => isInside(link, folder)) ||
        (access !== 'read' && climbs && isInside(link, end)),
    );
  }

  /**
   * What is deleted goes to the fence by its path, which knows whose files they are. Where the text does not
   * say which files, or says all of them, it is a risk by itself.
   */
  #delete(path: string, { cwd, maybe, span }: SimpleCommand): void {
    if (path.length > MOST_PATH)
      this.#risk('too-complex', 'HIGH', span, 'it names a path longer than any system takes');
    else if (isDisk(path)) this.#risk('disk', 'CRITICAL', span, 'it overwrites a disk');
    else if (this.#place === 'machine')
      this.#risk('remote-destroy', 'CRITICAL', span, 'it deletes files on another machine');
    else if (this.#place === 'container')
      this.#risk('delete', 'HIGH', span, 'it deletes files inside a container');
    // After a `cd` that may have failed, files of the same name elsewhere are lost.
    else
      for (const folder of new Set([cwd, ...maybe])) {
        if (this.#isFull(span)) return;
        const whole = folder === undefined && !isAbsolute(path) ? undefined : absolute(folder ?? '/', path);
        const broad =
          whole === undefined ||
          isBroad(path, whole, this.#start) ||
          this.#throughLink('delete', path, folder);
        if (broad) this.#risk('delete', 'HIGH', span, 'it deletes files');
        if (whole === undefined) return;
        // Named also where it is broad: it may take what nobody may touch with it.
        this.effects.push({
          type: 'path',
          access: 'delete',
          path: whole,
          span: span.slice(0, SPAN),
          by: 'shell',
        });
      }
  }

  #paths(access: 'read' | 'write', path: string, { cwd, maybe, span }: SimpleCommand): void {
    // Only a path that climbs can leave the fence from one folder and not from the other.
    for (const folder of new Set([cwd, ...(path.includes('..') ? maybe : [])]))
      this.#path(access, path, folder, span);
  }

  /** The same command in the same state again tells nothing new; one that takes or gives text may. */
  #isRepeated(
    { words, assignments, redirects, stdin, cwd, maybe, span }: SimpleCommand,
    depth: number,
  ): boolean {
    if (words.length === 0 || assignments.length > 0 || redirects.length > 0) return false;
    if (stdin.kind !== 'none' || stdin.file !== undefined) return false;
    const state = [span, cwd, ...maybe, depth, this.#place, this.#renames, this.#links.size];
    const key = [...words, '', ...state].join('\u0004');
    const seen = this.#seen.has(key);
    this.#seen.add(key);
    return seen;
  }

  #command(command: SimpleCommand, depth: number): void {
    const { span } = command;
    if (this.#isFull(span) || this.#isRepeated(command, depth)) return;
    if (expandsAgain(command))
      this.#risk(
        'dynamic-script',
        'HIGH',
        span,
        'what it holds as text may run when it is expanded once more',
      );
    for (const { access, target } of command.redirects) this.#paths(access, target, command);
    for (const path of emptiedByRedirect(command)) this.#delete(path, command);
    for (const path of downloaded(command)) this.#downloads.add(absolute(command.cwd ?? '/', path));
    this.#stage(command);
    for (const { name, value } of this.#reachesNobody(command, depth) ? [] : command.assignments)
      for (const finding of assignmentFindings(name, value)) this.#finding(finding, command, depth);
    if (command.words.length > 0) this.#invoke(command, depth);
  }

  /** A builtin starts no program that could see what its prefix sets. What a prompt expands is the shell's own. */
  #reachesNobody({ words: [name = ''], assignments, span }: SimpleCommand, depth: number): boolean {
    return (
      assignments.length > 0 &&
      STARTS_NOTHING.has(name) &&
      // In a shell that keeps to POSIX the variable outlives a special builtin.
      (name !== ':' || depth === 0) &&
      !this.#renames &&
      !/\$\(|`|[<>]\(|\$\{[ |]/u.test(span) &&
      assignments.every((each) => !/^(PS[0-4]|PROMPT_COMMAND|IFS)$/u.test(each.name))
    );
  }

  /** Remembers what files this command makes, for when they are run. */
  #stage(command: SimpleCommand): void {
    const made = command.redirects.filter(({ access }) => access === 'write');
    if (made.length === 0) return;
    const content = command.isGroup === true ? { text: undefined } : contentOf(command);
    for (const { target, appends } of content === undefined ? [] : made)
      this.#staged.write(absolute(command.cwd ?? '/', target), content?.text, appends === true);
  }

  #stageOperands(command: SimpleCommand, name: string, args: readonly string[]): void {
    const at = command.cwd ?? '/';
    for (const { from, to } of copiesOf(name, args)) this.#staged.copy(absolute(at, from), absolute(at, to));
    const outputs = outputsOf(name, args);
    const content = outputs.length === 0 ? undefined : contentOf(command);
    if (content !== undefined)
      for (const { path, appends } of outputs) this.#staged.write(absolute(at, path), content.text, appends);
  }

  /** A script that the text itself has written: judged as what runs it reads it. */
  #stagedScript({ as, text, command, depth, place }: StagedScript): void {
    const { span } = command;
    if (text === undefined || (as !== 'shell' && text.startsWith(DYNAMIC)))
      this.#risk('dynamic-script', 'HIGH', span, 'it runs a file that it has made of what no text shows');
    else
      this.#elsewhere(place, () => {
        if (as === 'shell') this.#finding({ is: 'script', text }, command, depth);
        else for (const finding of codeFindings(text, as)) this.#finding(finding, command, depth);
      });
  }

  #invoke(command: SimpleCommand, depth: number): void {
    const { span } = command;
    if (this.#isFull(span)) return;
    if (depth > MOST_DEPTH) {
      this.#risk('too-complex', 'HIGH', span, `it is nested deeper than ${MOST_DEPTH} levels`);
      return;
    }
    const [given = '', ...args] = command.words;
    if (
      isUncertain(given) ||
      given === '' ||
      given.length > MOST_PATH ||
      /[\ufffd]/u.test(given) ||
      LOOK_ALIKE.test(given) ||
      given.includes(SPLIT)
    ) {
      this.#risk('dynamic-command', 'HIGH', span, 'which program it runs is known only when it runs');
      return;
    }
    const from = this.effects.length;
    const { name, rule, standard } = ruleFor(given);
    // With a PATH of its own a name may as well be a file of the folder.
    if (given.includes('/') || this.#renames) this.#finding({ is: 'execute', path: given }, command, depth);
    this.#stageOperands(command, name, args);
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
    this.#name(from, command.words);
    for (const finding of rule?.findings?.({ name, args, stdin: command.stdin, span }) ?? []) {
      const at = this.effects.length;
      this.#finding(finding, command, depth);
      // What an inner command does is that one's.
      if (!['script', 'package-script', 'argv'].includes(finding.is)) this.#name(at, command.words);
    }
  }

  /** Says which words the effects come from, for a policy's rules by argv. */
  #name(from: number, argv: readonly string[]): void {
    for (let at = from; at < this.effects.length; at++) {
      const effect = this.effects[at];
      if (effect !== undefined && effect.argv === undefined) this.effects[at] = { ...effect, argv };
    }
  }

  #elsewhere(place: Place | undefined, judgeThere: () => void): void {
    const before = this.#place;
    this.#place = place ?? before;
    judgeThere();
    this.#place = before;
  }

  /** The text of a script that an adapter has looked up is judged where it runs; an unknown one is named. */
  #packageScript(
    { kind, name, cwd }: Extract<Finding, { is: 'package-script' }>,
    command: SimpleCommand,
    depth: number,
  ): void {
    if (command.cwd === undefined || isUncertain(name) || isUncertain(cwd ?? '') || this.#place !== undefined)
      return;
    const folder = normalize(absolute(command.cwd, cwd ?? '.'));
    if (folder.startsWith(HOME)) return;
    const key = `${kind}:${folder}:${name}`;
    const text = this.#scripts.get(key);
    if (text === undefined)
      this.effects.push({ type: 'script', key, cwd: folder, span: command.span.slice(0, SPAN) });
    else this.script(text, folder, depth + 1);
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
      case 'delete':
        this.#delete(finding.path, command);
        return;
      case 'package-script':
        this.#packageScript(finding, command, depth);
        return;
      case 'initialise':
        // Unless the text gives that program's name another meaning.
        if (this.#renames || this.#place !== undefined)
          this.#risk('dynamic-script', 'HIGH', span, 'it runs a script that is known only when it runs');
        return;
      case 'script':
        if (isDynamic(finding.text))
          this.#risk('dynamic-script', 'HIGH', span, 'it runs a script that is known only when it runs');
        else
          this.#elsewhere(finding.place, () =>
            this.script(
              finding.text.replaceAll(HOME, '$HOME').replaceAll('\u0003', '*').replaceAll(SPLIT, ' '),
              cwd,
              depth + 1,
            ),
          );
        return;
      case 'privileged': {
        // What it does counts here even if the same was done before.
        this.#seen.clear();
        const before = this.effects.length;
        this.#invoke({ ...command, words: finding.words, assignments: [] }, depth + 1);
        const reads = this.effects
          .slice(before)
          .every(
            (effect) =>
              (effect.type === 'risk' && effect.risk === 'SAFE') ||
              (effect.type === 'path' && effect.access === 'read' && isInside(this.#start, effect.path)),
          );
        this.#risk('privilege', reads && finding.words.length > 0 ? 'MEDIUM' : 'HIGH', span, finding.text);
        return;
      }
      case 'argv': {
        const elsewhere =
          finding.cwd === undefined
            ? cwd
            : isUncertain(finding.cwd) || cwd === undefined
              ? undefined
              : absolute(cwd, finding.cwd);
        const inner = {
          ...command,
          words: finding.words,
          assignments: [],
          cwd: elsewhere,
          maybe: finding.cwd === undefined ? command.maybe : [],
        };
        if (finding.words.length > 0) this.#elsewhere(finding.place, () => this.#invoke(inner, depth + 1));
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
        this.#staged.run(absolute(cwd ?? '/', finding.path), {
          as: finding.as,
          command,
          depth,
          place: this.#place,
        });
        return;
    }
  }
}

/**
 * All that a shell text would do when it runs in `cwd`. Package scripts that `scripts` knows by their keys are
 * judged with it, each in its folder and within the same limit of depth; the others come back as `script`
 * effects, so that an adapter can look them up and ask once more. Pure; never throws.
 */
export const shellEffects = (text: string, cwd: string, scripts: Scripts = new Map()): readonly Effect[] => {
  const analysis = new Analysis(cwd, scripts);
  analysis.script(text, cwd, 0);
  return analysis.finish();
};
