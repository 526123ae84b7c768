import { riskEffect } from '../../effect.ts';
import { absolute, isInside, normalize } from '../../lexicalPath.ts';
import { HOME, isDynamic, isUncertain, SPLIT } from '../../markers.ts';
import type { SimpleCommand } from '../command.ts';
import type { Finding } from '../rule.ts';
import type { Analyzer } from './analyzer.ts';
import { shown } from './effectLog.ts';

type Of<Is extends Finding['is']> = Extract<Finding, { is: Is }>;

/** The text of a script that an adapter has looked up is judged where it runs; an unknown one is named. */
const packageScript = (
  analyzer: Analyzer,
  { kind, name, cwd }: Of<'package-script'>,
  command: SimpleCommand,
  depth: number,
): void => {
  const here = command.cwd !== undefined && analyzer.place === undefined;
  if (!here || command.cwd === undefined || isUncertain(name) || isUncertain(cwd ?? '')) return;
  const folder = normalize(absolute(command.cwd, cwd ?? '.'));
  if (folder.startsWith(HOME)) return;
  const key = `${kind}:${folder}:${name}`;
  const text = analyzer.scripts.get(key);
  if (text === undefined) analyzer.log.add({ type: 'script', key, cwd: folder, span: shown(command.span) });
  else analyzer.script(text, folder, depth + 1);
};

const shellScript = (
  analyzer: Analyzer,
  { text, place }: Of<'script'>,
  { cwd, span }: SimpleCommand,
  depth: number,
): void => {
  if (isDynamic(text))
    analyzer.log.risk('dynamic-script', 'HIGH', span, 'it runs a script that is known only when it runs');
  else
    analyzer.elsewhere(place, () =>
      analyzer.script(
        text.replaceAll(HOME, '$HOME').replaceAll('\u0003', '*').replaceAll(SPLIT, ' '),
        cwd,
        depth + 1,
      ),
    );
};

const privileged = (
  analyzer: Analyzer,
  { words, text }: Of<'privileged'>,
  command: SimpleCommand,
  depth: number,
): void => {
  const { log, start } = analyzer;
  // What it does counts here even if the same was done before.
  analyzer.forgetRepeats();
  const before = log.size;
  analyzer.invoke({ ...command, words, assignments: [] }, depth + 1);
  const reads = log.effects
    .slice(before)
    .every(
      (effect) =>
        (effect.type === 'risk' && effect.risk === 'SAFE') ||
        (effect.type === 'path' && effect.access === 'read' && isInside(start, effect.path)),
    );
  log.risk('privilege', reads && words.length > 0 ? 'MEDIUM' : 'HIGH', command.span, text);
};

const innerCommand = (
  analyzer: Analyzer,
  { words, cwd, place }: Of<'argv'>,
  command: SimpleCommand,
  depth: number,
): void => {
  const known = cwd === undefined || !(isUncertain(cwd) || command.cwd === undefined);
  const elsewhere = cwd === undefined ? command.cwd : known ? absolute(command.cwd ?? '/', cwd) : undefined;
  const inner = {
    ...command,
    words,
    assignments: [],
    cwd: elsewhere,
    maybe: cwd === undefined ? command.maybe : [],
  };
  if (words.length > 0) analyzer.elsewhere(place, () => analyzer.invoke(inner, depth + 1));
};

/** Turns what a rule says of a command into effects, and goes on with what runs within it. */
export const applyFinding = (
  analyzer: Analyzer,
  finding: Finding,
  command: SimpleCommand,
  depth: number,
): void => {
  const { log, paths, files, links } = analyzer;
  const { cwd, span } = command;
  switch (finding.is) {
    case 'risk':
      log.add(riskEffect(finding.code, finding.risk, shown(span), finding.text));
      return;
    case 'read':
    case 'write':
      paths.use(finding.is, finding.path, command, finding);
      return;
    case 'delete':
      paths.delete(finding.path, command, analyzer.place);
      return;
    case 'package-script':
      packageScript(analyzer, finding, command, depth);
      return;
    case 'initialise':
      // Unless the text gives that program's name another meaning.
      if (analyzer.renames || analyzer.place !== undefined)
        log.risk('dynamic-script', 'HIGH', span, 'it runs a script that is known only when it runs');
      return;
    case 'script':
      shellScript(analyzer, finding, command, depth);
      return;
    case 'privileged':
      privileged(analyzer, finding, command, depth);
      return;
    case 'argv':
      innerCommand(analyzer, finding, command, depth);
      return;
    case 'download':
      files.downloaded(absolute(cwd ?? '/', finding.path));
      paths.use('write', finding.path, command);
      return;
    case 'move':
      if (links.isMovedWith(absolute(cwd ?? '/', finding.path)))
        log.risk('unresolved-path', 'HIGH', span, 'it moves a relative link that the same command makes');
      return;
    case 'link':
      links.add(absolute(cwd ?? '/', finding.path), finding.climbs);
      return;
    case 'execute': {
      const { path, as } = finding;
      paths.use('read', path, command, { use: 'run' });
      files.executed(absolute(cwd ?? '/', path), { as, command, depth, place: analyzer.place });
      return;
    }
  }
};
