import type { Effect } from '../effect.ts';
import { absolute } from '../lexicalPath.ts';
import { DYNAMIC } from '../markers.ts';
import type { Analyzer, Scripts } from './analysis/analyzer.ts';
import { applyFinding } from './analysis/applyFinding.ts';
import {
  assignsToNobody,
  downloadedByRedirect,
  emptiedByRedirect,
  expandsAgain,
  isUnreadableName,
  renamesCommands,
} from './analysis/commandTraits.ts';
import { EffectLog } from './analysis/effectLog.ts';
import { MadeFiles } from './analysis/madeFiles.ts';
import { NewLinks } from './analysis/newLinks.ts';
import { PathEffects } from './analysis/pathEffects.ts';
import type { SimpleCommand } from './command.ts';
import type { Place } from './rule.ts';
import { assignmentFindings } from './rules/environment.ts';
import { ruleFor } from './rules/index.ts';
import { codeFindings } from './rules/inlineCode.ts';
import type { StagedScript } from './staged.ts';
import { parseShell } from './syntax/grammar.ts';
import { MOST_DEPTH } from './syntax/walk.ts';

export type { Scripts } from './analysis/analyzer.ts';

/** Of a text that is refused as a whole. */
const FIRST_COMMANDS = 400;

/** Gathers what one shell text does, commands within commands included. */
class Analysis implements Analyzer {
  readonly start: string;
  readonly scripts: Scripts;
  readonly log = new EffectLog();
  readonly links = new NewLinks();
  readonly paths: PathEffects;
  readonly files = new MadeFiles();
  readonly #seen = new Set<string>();
  #renames = false;
  #place: Place | undefined;

  constructor(start: string, scripts: Scripts) {
    this.start = start;
    this.scripts = scripts;
    this.paths = new PathEffects(this.log, this.links, start);
  }

  get place(): Place | undefined {
    return this.#place;
  }

  get renames(): boolean {
    return this.#renames;
  }

  script(text: string, cwd: string | undefined, depth: number): void {
    if (this.#isTooDeep(text, depth)) return;
    this.#renames ||= renamesCommands(text);
    const parsed = parseShell(text, cwd, depth);
    for (const problem of parsed.problems) this.log.risk(problem.code, 'HIGH', problem.span, problem.text);
    for (const name of new Set(parsed.recursive))
      this.log.risk('system', 'HIGH', name, 'it is a function that calls itself without end');
    // Refused as a whole already: its first commands say enough of why.
    const whole = parsed.problems.every(({ code }) => code !== 'too-complex');
    for (const command of whole ? parsed.commands : parsed.commands.slice(0, FIRST_COMMANDS))
      this.#command(command, depth);
  }

  /** What shows only when all commands are known: scripts and downloads that the text makes and runs. */
  finish(): readonly Effect[] {
    for (let round = 0; round <= MOST_DEPTH; round += 1)
      for (const script of this.files.takeStaged()) this.#stagedScript(script);
    for (const { command } of this.files.takeStaged())
      this.log.risk('too-complex', 'HIGH', command.span, 'its scripts write and run scripts without end');
    for (const span of this.files.runsOfDownloads())
      this.log.risk('download-run', 'HIGH', span, 'it runs what it has just downloaded');
    return this.log.effects;
  }

  #isTooDeep(span: string, depth: number): boolean {
    if (depth > MOST_DEPTH)
      this.log.risk('too-complex', 'HIGH', span, `it is nested deeper than ${MOST_DEPTH} levels`);
    return depth > MOST_DEPTH;
  }

  /** The same command in the same state again tells nothing new; one that takes or gives text may. */
  #isRepeated(
    { words, assignments, redirects, stdin, cwd, maybe, span }: SimpleCommand,
    depth: number,
  ): boolean {
    if (words.length === 0 || assignments.length > 0 || redirects.length > 0) return false;
    if (stdin.kind !== 'none' || stdin.file !== undefined) return false;
    const state = [span, cwd, ...maybe, depth, this.#place, this.#renames, this.links.count];
    const key = [...words, '', ...state].join('\u0004');
    const seen = this.#seen.has(key);
    this.#seen.add(key);
    return seen;
  }

  #command(command: SimpleCommand, depth: number): void {
    const { span } = command;
    if (this.log.isFull(span) || this.#isRepeated(command, depth)) return;
    if (expandsAgain(command))
      this.log.risk(
        'dynamic-script',
        'HIGH',
        span,
        'what it holds as text may run when it is expanded once more',
      );
    for (const { access, target } of command.redirects) this.paths.use(access, target, command);
    for (const path of emptiedByRedirect(command)) this.paths.delete(path, command, this.#place);
    for (const path of downloadedByRedirect(command))
      this.files.downloaded(absolute(command.cwd ?? '/', path));
    this.files.redirected(command);
    const toNobody = assignsToNobody(command, depth, this.#renames);
    for (const { name, value } of toNobody ? [] : command.assignments)
      for (const finding of assignmentFindings(name, value)) applyFinding(this, finding, command, depth);
    if (command.words.length > 0) this.invoke(command, depth);
  }

  invoke(command: SimpleCommand, depth: number): void {
    const { span } = command;
    if (this.log.isFull(span) || this.#isTooDeep(span, depth)) return;
    const [given = '', ...args] = command.words;
    if (isUnreadableName(given)) {
      this.log.risk('dynamic-command', 'HIGH', span, 'which program it runs is known only when it runs');
      return;
    }
    const from = this.log.size;
    const { name, rule, standard } = ruleFor(given);
    // With a PATH of its own a name may as well be a file of the folder.
    if (given.includes('/') || this.#renames)
      applyFinding(this, { is: 'execute', path: given }, command, depth);
    this.files.named(command, name, args);
    if (rule?.base === 'SAFE' && standard && command.assignments.length === 0)
      this.log.risk('read', 'SAFE', span, 'it only reads');
    else this.log.risk('command', 'MEDIUM', span, 'it runs a program');
    this.log.attribute(from, command.words);
    for (const finding of rule?.findings?.({ name, args, stdin: command.stdin, span }) ?? []) {
      const at = this.log.size;
      applyFinding(this, finding, command, depth);
      // What an inner command does is that one's.
      if (!['script', 'package-script', 'argv'].includes(finding.is)) this.log.attribute(at, command.words);
    }
  }

  /** A script that the text itself has written: judged as what runs it reads it. */
  #stagedScript({ as, text, command, depth, place }: StagedScript): void {
    if (text === undefined || (as !== 'shell' && text.startsWith(DYNAMIC)))
      this.log.risk(
        'dynamic-script',
        'HIGH',
        command.span,
        'it runs a file that it has made of what no text shows',
      );
    else
      this.elsewhere(place, () => {
        if (as === 'shell') applyFinding(this, { is: 'script', text }, command, depth);
        else for (const finding of codeFindings(text, as)) applyFinding(this, finding, command, depth);
      });
  }

  elsewhere(place: Place | undefined, judgeThere: () => void): void {
    const before = this.#place;
    this.#place = place ?? before;
    judgeThere();
    this.#place = before;
  }

  forgetRepeats(): void {
    this.#seen.clear();
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
