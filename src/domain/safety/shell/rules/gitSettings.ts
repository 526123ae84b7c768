import { isUncertain } from '../../markers.ts';
import { type Finding, high, script } from '../rule.ts';

/** Keys of git's configuration whose value git runs. */
const RUNS =
  /(alias\.|pager|editor|sshcommand|fsmonitor|hookspath|diff-?filter|external|textconv|command|\.cmd$|driver|\.(clean|smudge|process)$|askpass|helper|\.program$|\.path$|proxy|template|include|uploadpack|receivepack|\.sh$|\.vcs$|tunnel$|packobjectshook|^submodule\..*\.update$)/iu;

/** Programs that only show or edit, the ways to ssh, and what git-lfs writes itself. */
const HARMLESS =
  /^(|true|false|cat|:|\/dev\/null|https?:\S*|socks\w*:\S*|(less|more)( -[\w-]+)*|delta|difft|diff-so-fancy|bat|vim?|nvim|nano|code --wait|gpg2?|ssh-keygen|ssh( -([46qvCT]+|[ip] [\w./~\u0001-]+|o ?(StrictHostKeyChecking|UserKnownHostsFile|IdentitiesOnly|BatchMode|ConnectTimeout|IdentityFile)=[\w./~\u0001-]+))*|(cache|store|osxkeychain|manager|manager-core|libsecret|wincred)( --timeout[ =]\d+)?|git-lfs (clean|smudge|filter-process)( --skip)?( --)?( %f)?|checkout|rebase|merge|none)$/u;

const lends = high('git-config', 'it lends git programs to run');

const settingFindings = (key: string, value: string): readonly Finding[] => {
  if (isUncertain(key)) return [high('git-config', 'it lends git a setting that is known only when it runs')];
  if (/^gc\..*expire/iu.test(key)) return [high('git-history', 'it makes git delete what it still kept')];
  if (/^(core\.(worktree|bare)|remote\..*\.(fetch|push|url|pushurl|mirror)|url\..*)$/iu.test(key))
    return [high('git-config', 'it lends git another place to work on')];
  if (/^protocol\.(ext\.|fd\.)?allow$/iu.test(key))
    return value.toLowerCase() === 'never'
      ? []
      : [high('git-config', 'it lets addresses of repositories run programs')];
  if (!RUNS.test(key)) return [];
  if (/^alias\./iu.test(key)) return [script(value.startsWith('!') ? value.slice(1) : `git ${value}`)];
  if (/hookspath|include|template/iu.test(key)) return value !== '' && value !== '/dev/null' ? [lends] : [];
  // What it runs may be worse than that it runs something.
  return HARMLESS.test(value) ? [] : [lends, script(value.replace(/^!/u, ''))];
};

/** `-c key=value` lends one command a configuration: aliases and programs in it are commands. */
export const lentSettings = (
  pairs: readonly string[],
): { findings: readonly Finding[]; aliases: ReadonlySet<string> } => {
  const split = pairs.map((pair) => {
    const at = pair.indexOf('=');
    return { key: at === -1 ? pair : pair.slice(0, at), value: at === -1 ? '' : pair.slice(at + 1) };
  });
  return {
    findings: split.flatMap(({ key, value }) => settingFindings(key, value)),
    aliases: new Set(
      split.flatMap(({ key }) => (/^alias\./iu.test(key) ? [key.slice(6).toLowerCase()] : [])),
    ),
  };
};
