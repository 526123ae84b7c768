import { HOME } from '../../markers.ts';
import { has, scanOptions, valuesOf } from '../options.ts';
import { type Finding, high, type Invocation, type RuleTable, reads, under, writes } from '../rule.ts';
import { sendsInput } from './sending.ts';

const changesKeys = high('system', 'it changes keys or who may log in');

/** It makes a key at `-f`, or in the home folder; with these options it only shows one. */
const sshKeygen = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(call.args, { values: 'a b C D f F I J K m M n N O P r R s S t V w W Y z Z' });
  if (has(scan, 'R', 'D')) return [changesKeys];
  const files = valuesOf(scan, 'f');
  if (has(scan, 'l', 'y', 'F', 'B', 'e', 'i', 'L', 'Q', 'Y', '?', 'help')) return reads(files);
  return [
    ...writes(files.length > 0 ? files : [`${HOME}/.ssh/id`]),
    ...reads(valuesOf(scan, 's')),
    ...writes(scan.operands),
  ];
};

const OPENSSL_WRITES = /^--?(out|keyout|writerand|CRLout|certsout|serverout|caout|pubout_file|sess_out)$/u;
const OPENSSL_READS =
  /^--?(in|inkey|key|cert|certfile|CAfile|CAkey|CA|kfile|config|sigfile|signkey|rand|passin|passout)$/u;

/** openssl writes its options with one dash, each value in the next word. */
const openssl = (call: Invocation): readonly Finding[] => {
  const after = (pattern: RegExp): readonly string[] =>
    call.args.flatMap((arg, at) => (pattern.test(arg) ? [call.args[at + 1] ?? ''] : []));
  const places = call.args[0] === 's_client' ? after(/^--?connect$/u) : [];
  return [
    ...(places.length > 0 ? sendsInput(call, places) : []),
    ...writes(after(OPENSSL_WRITES)),
    ...reads(
      after(OPENSSL_READS)
        .map((value) => value.replace(/^file:/u, ''))
        .filter((value) => !/^(pass|env|fd|stdin)(:|$)/u.test(value)),
    ),
    // What it is asked to digest stands at the end.
    ...reads(call.args.slice(1).filter((arg) => /^[/\u0001]/u.test(arg))),
  ];
};

export const KEY_RULES: RuleTable = {
  'ssh-keygen': { base: 'MEDIUM', findings: sshKeygen },
  'ssh-copy-id': { base: 'MEDIUM', findings: () => [changesKeys] },
  ...under('ssh-add gpg-agent', {
    base: 'MEDIUM',
    findings: (call) => (has(scanOptions(call.args, { values: 't' }), 'R', 'D') ? [changesKeys] : []),
  }),
  openssl: { base: 'MEDIUM', findings: openssl },
};
