import { scanOptions, valuesOf } from '../options.ts';
import { critical, type Finding, high, type Invocation, type RuleTable, under } from '../rule.ts';
import { destroysRemotely } from './cloud.ts';

/** `-s stop` ends it; `-s reload` and `-t` do not. */
const nginx = (call: Invocation): readonly Finding[] =>
  valuesOf(scanOptions(call.args, { values: 's c p g e' }), 's').some((signal) =>
    /^(stop|quit)$/u.test(signal),
  )
    ? [high('system', 'it stops a server of the machine')]
    : [];

const stops =
  (pattern: RegExp) =>
  (call: Invocation): readonly Finding[] =>
    call.args.some((arg) => pattern.test(arg)) ? [high('system', 'it stops a server of the machine')] : [];

/** `java -jar jenkins-cli.jar … delete-job x`: command lines of services come as archives, too. */
const java = (call: Invocation): readonly Finding[] => {
  const at = call.args.indexOf('-jar');
  return at !== -1 && /(cli|client|admin|ctl)[^/]*\.jar$/iu.test(call.args[at + 1] ?? '')
    ? destroysRemotely({ ...call, name: 'jenkins-cli', args: call.args.slice(at + 2) })
    : [];
};

/** Servers of a machine by their own programs, and publishing by build tools. */
export const SERVER_RULES: RuleTable = {
  nginx: { base: 'MEDIUM', findings: nginx },
  ...under('apachectl apache2ctl httpd', { base: 'MEDIUM', findings: stops(/^(stop|graceful-stop)$/u) }),
  haproxy: { base: 'MEDIUM', findings: stops(/^-(st|sf)$/u) },
  ...under('pg_ctl pg_ctlcluster', { base: 'MEDIUM', findings: stops(/^(stop|kill|promote)$/u) }),
  java: { base: 'MEDIUM', findings: java },
  'kafka-delete-records': {
    base: 'MEDIUM',
    findings: () => [critical('remote-destroy', 'it deletes messages of a queue')],
  },
  ...under('changeset semantic-release vsce ovsx goreleaser jsr release-it np', {
    base: 'MEDIUM',
    findings: (call) =>
      !call.args.includes('--dry-run') &&
      (/^(semantic-release|release-it|np)$/u.test(call.name) ||
        /^(publish|unpublish|release)$/u.test(call.args[0] ?? ''))
        ? [high('publish', 'it changes what a registry shows to everyone')]
        : [],
  }),
};
