import { isUncertain } from '../../markers.ts';
import { has, hasExactly, mayBeOption, scanOptions, valuesOf } from '../options.ts';
import { critical, type Finding, high, script } from '../rule.ts';
import type { GitRule } from './gitRule.ts';

/** Names that people share by custom; a tag counts as one. */
const SHARED =
  /^(HEAD|main|master|mainline|trunk|default|dev|devel|develop|development|next|staging|stage|qa|test|uat|prod|production|live|gh-pages|release.*|rel[-/].*|hotfix.*|stable.*|support\/.*|v?\d+(\.[\dx]+)*.*|refs\/(?!heads\/).*)$/iu;

export const isShared = (name: string): boolean => SHARED.test(name);

const lends = (text: string): Finding => high('inline-code', text);

/** Addresses that are a command, `ext::sh -c …`, or the name of a helper that git starts for them. */
export const transports = (words: readonly string[]): readonly Finding[] =>
  words.flatMap((word) => {
    if (!/^[a-z][\w+.-]*::/iu.test(word)) return [];
    const command = /^ext::(.*)$/isu.exec(word)?.[1];
    return [
      lends('its address of a repository runs a program'),
      ...(command === undefined ? [] : [script(command.replaceAll('% ', ' ').replaceAll(/%[a-zA-Z]/gu, ''))]),
    ];
  });

/** `--upload-pack=…` and its kin: the program at the other end, which is here for a repository of this machine. */
export const peers = (programs: readonly string[]): readonly Finding[] =>
  programs.flatMap((program) =>
    /^git[- ](upload-pack|receive-pack|upload-archive)$/u.test(program)
      ? []
      : [lends('it names the program that git starts at the other end'), script(program)],
  );

/** Where a refspec writes: the part behind the colon, without `+` and `refs/heads/`. */
const targetOf = (ref: string): string =>
  ref
    .replace(/^\+/u, '')
    .replace(/^.*:/u, '')
    .replace(/^refs\/heads\//u, '');

/**
 * The whole effect of a push is outside the worktree. One that overwrites or deletes what others share, or
 * where nobody can say what, rewrites history.
 */
export const pushes: GitRule = (args) => {
  const scan = scanOptions(args, {
    values: 'o push-option repo receive-pack exec recurse-submodules signed',
  });
  const [, ...refs] = scan.operands;
  const all = has(scan, 'mirror', 'prune', 'all', 'branches');
  const removes = has(scan, 'd', 'delete') || refs.some((ref) => /^\+?:/u.test(ref));
  const forced =
    has(scan, 'f', 'force', 'mirror', 'prune', 'force-with-lease', 'force-if-includes') ||
    refs.some((ref) => ref.startsWith('+')) ||
    args.some((arg) => mayBeOption(arg) && arg.startsWith('-'));
  // Nothing leaves, but a hook of the user may run.
  const dry = hasExactly(scan, 'n', 'dry-run') && !has(scan, 'no-dry-run');
  const named = refs.length > 0 && !all && refs.every((ref) => !isUncertain(ref) && ref !== ':');
  const shared =
    !named || has(scan, 'tags', 'follow-tags') || refs.map(targetOf).some((ref) => SHARED.test(ref));
  return [
    (forced || removes) && shared && !dry
      ? critical('history-rewrite', 'it overwrites or deletes what others have on the remote')
      : high('git-remote', 'its effect leaves your worktree: the orchestrator merges your branch'),
    ...peers(valuesOf(scan, 'receive-pack', 'exec')),
    ...transports(scan.operands),
  ];
};
