import { critical, type Finding, high, type Invocation, type RuleTable, script, under } from '../rule.ts';

const line = (call: Invocation): string => call.args.join(' ');

/** HIGH where the arguments match, harmless elsewhere. */
const where =
  (pattern: RegExp, text: string, find: (code: string, why: string) => Finding = high, code = 'system') =>
  (call: Invocation): readonly Finding[] =>
    pattern.test(line(call)) ? [find(code, text)] : [];

/** Programs of Windows, as they are typed in its own shells or from WSL. */
export const WINDOWS_RULES: RuleTable = {
  cmd: {
    base: 'MEDIUM',
    findings: (call) => {
      const at = call.args.findIndex((arg) => /^\/[ckr]$/iu.test(arg));
      return at === -1
        ? []
        : [
            script(
              call.args
                .slice(at + 1)
                .join(' ')
                .replaceAll('\\', '/'),
            ),
          ];
    },
  },
  vssadmin: {
    base: 'MEDIUM',
    findings: where(/delete|resize/iu, 'it deletes shadow copies', critical, 'disk'),
  },
  wbadmin: {
    base: 'MEDIUM',
    findings: where(/delete|stop|disable/iu, 'it deletes backups', critical, 'disk'),
  },
  cipher: { base: 'MEDIUM', findings: where(/\/w/iu, 'it wipes free space of a disk', critical, 'disk') },
  fsutil: {
    base: 'MEDIUM',
    findings: where(/delete|setzerodata|dismount|dirty set/iu, 'it changes a file system', critical, 'disk'),
  },
  bcdedit: {
    base: 'MEDIUM',
    findings: where(/\/(set|delete|import|create)/iu, 'it changes how the machine starts'),
  },
  wmic: { base: 'MEDIUM', findings: where(/\b(delete|call|set|create)\b/iu, 'it changes the machine') },
  taskkill: {
    base: 'MEDIUM',
    findings: where(
      /\/im\s+(node|claude|git|bash|explorer|\*)/iu,
      'it ends processes that may not be its own',
    ),
  },
  net: {
    base: 'MEDIUM',
    findings: where(
      /\b(user|localgroup|share|stop|accounts)\b.*(\/|\bstop\b)/iu,
      'it changes users or services',
    ),
  },
  sc: {
    base: 'MEDIUM',
    findings: where(/\b(delete|stop|config|create)\b/iu, 'it changes services of the machine'),
  },
  schtasks: {
    base: 'MEDIUM',
    findings: where(/\/(create|delete|change|run|end)/iu, 'it changes what runs later'),
  },
  netsh: {
    base: 'MEDIUM',
    findings: where(/\b(set|add|delete|reset)\b/iu, 'it changes the network of the machine'),
  },
  wevtutil: { base: 'MEDIUM', findings: where(/\b(cl|clear-log|sl)\b/iu, 'it deletes logs', high, 'delete') },
  ...under('icacls takeown attrib', {
    base: 'MEDIUM',
    findings: where(
      /\/(grant|deny|reset|setowner|f|inheritance)|[+-][rhs]/iu,
      'it changes rights of files',
      high,
      'permissions',
    ),
  }),
  robocopy: {
    base: 'MEDIUM',
    findings: where(/\/(mir|purge|mov|move)\b/iu, 'it deletes what it mirrors over', high, 'delete'),
  },
};
