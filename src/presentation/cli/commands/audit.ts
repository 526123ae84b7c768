import type { Command } from 'commander';
import { z } from 'zod';
import type { ApprovedCall, AuditReport, Finding } from '../../../application/auditing/report.ts';
import { isoTime } from '../../wire/task.ts';
import {
  collect,
  examples,
  type Finish,
  flagsOf,
  JSON_OPTION,
  optionsOf,
  printJson,
  withStateDir,
} from '../command.ts';
import type { CliDeps, FlagValues } from '../deps.ts';
import { harmlessJson, inColumns, printable, printableCell } from '../terminal.ts';

export type AuditDeps = Pick<CliDeps, 'settings' | 'stdout' | 'stderr'> & {
  readonly audit: {
    /** Checks the log of the state directory; no server is needed, and one that runs is no hindrance. */
    readonly verify: (o: {
      readonly flags: FlagValues;
      readonly heads: readonly string[];
      readonly key: string | undefined;
      readonly approvals: boolean;
    }) => Promise<AuditReport>;
    /**
     * Hands out the entries behind `after` as lines of JSON, many at a time.
     * @param out a file that takes them instead. @returns how many there were.
     */
    readonly export: (o: {
      readonly flags: FlagValues;
      readonly after: number;
      readonly out: string | undefined;
      readonly onText: (lines: string) => void;
    }) => Promise<number>;
  };
};

/** Beside the exit codes of errors: each kind of finding has its own, of the first one. */
export const FINDING_EXIT: Readonly<Record<Finding['kind'], number>> = {
  changed: 10,
  deleted: 11,
  misplaced: 12,
  cut: 13,
  rewritten: 14,
  head_foreign: 15,
  head_missing: 16,
  proof: 17,
  unreadable: 18,
  unguarded: 19,
  told: 20,
};

const verifySchema = z.object({
  head: z.array(z.string().min(1)).default([]),
  key: z.string().min(1).optional(),
  approvals: z.boolean().default(false),
  json: z.boolean().default(false),
});
const exportSchema = z.object({
  after: z
    .string()
    .regex(/^\d{1,15}$/, 'must be a whole number')
    .transform(Number)
    .default(0),
  out: z.string().min(1).optional(),
});

/** Adds `audit verify|export`. */
export const registerAudit = (program: Command, deps: AuditDeps, finish: Finish): void => {
  const audit = program
    .command('audit')
    .description('the log of who did what: check that nobody touched it, export it')
    .helpCommand(false);
  const verify = withStateDir(
    audit.command('verify').description('check every entry, and the signed heads'),
    deps,
  )
    .option('--head <file>', 'a signed head that was kept elsewhere; may be given more than once', collect)
    .option('--key <file>', 'a public key that was kept elsewhere, instead of the state directory’s own')
    .option(
      '--approvals',
      'list who approved what, check what passkeys signed and that the calls are those that were approved',
    )
    .option(...JSON_OPTION)
    .action(async (_options: unknown, self: Command) => {
      const { head, key, approvals, json } = optionsOf(self, verifySchema);
      const report = await deps.audit.verify({ flags: flagsOf(self, deps), heads: head, key, approvals });
      if (json) printJson(deps, reportJson(report));
      else deps.stdout(reportText(report));
      const [first] = report.findings;
      finish(first === undefined ? 0 : FINDING_EXIT[first.kind]);
    });
  const exported = withStateDir(
    audit.command('export').description('all entries as lines of JSON, oldest first'),
    deps,
  )
    .option('--after <seq>', 'only entries behind this number')
    .option('--out <file>', 'a new file for them, readable by you alone')
    .action(async (_options: unknown, self: Command) => {
      const { after, out } = optionsOf(self, exportSchema);
      const flags = flagsOf(self, deps);
      const onText = (lines: string): void => deps.stdout(harmlessJson(lines));
      const count = await deps.audit.export({ flags, after, out, onText });
      if (out !== undefined) deps.stderr(`${count} entries are in ${printable(out)}.\n`);
      finish(0);
    });
  examples(
    verify,
    ['audit verify', 'exit code 0 where nobody touched the log, else 10 to 20 by what is wrong'],
    ['audit verify --head /media/usb/head.json', 'against a head that was kept elsewhere'],
    ['audit verify --approvals', 'who approved what, and is it proven'],
  );
  examples(
    exported,
    ['audit export --out audit.jsonl', 'for other programs'],
    ['audit export --after 1000', 'what came since'],
  );
};

const reportJson = ({ entries, hash, unsigned, heads, findings, approvals }: AuditReport) => ({
  ok: findings.length === 0,
  entries,
  ...(hash === undefined ? {} : { hash }),
  unsigned,
  heads,
  findings,
  ...(approvals === undefined
    ? {}
    : {
        approvals: approvals.map(({ approvalId, at, ...rest }) => ({
          approval_id: approvalId,
          at: isoTime(at),
          ...rest,
        })),
      }),
});

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const reportText = ({ entries, unsigned, heads, findings, approvals }: AuditReport): string => {
  const signed = heads.flatMap(({ is, seq, at, place }) =>
    is === 'good' ? [`Signed up to entry ${seq} on ${at} (${printable(place)}).`] : [],
  );
  const verdict =
    findings.length === 0
      ? [`The audit log is in order: ${entries} entries.`]
      : [
          'The audit log was touched, or cannot be proven to be whole.',
          ...findings.map(({ text }) => `  ${printable(sentence(text))}`),
        ];
  const loose =
    unsigned === 0
      ? []
      : [`${unsigned} entries behind that are not signed yet: a server is writing, or was killed.`];
  return `${[...verdict, ...signed, ...loose, ...(approvals === undefined ? [] : approvalLines(approvals))].join('\n')}\n`;
};

const PROOF_WORDS = {
  proven: 'signed by the passkey',
  refuted: 'NOT proven',
  word: 'by this log’s word',
} as const;

const CALL_WORDS = { same: 'as approved', other: 'ANOTHER', gone: 'not kept' } as const;

const approvalLines = (approvals: readonly ApprovedCall[]): readonly string[] =>
  approvals.length === 0
    ? ['Nothing was approved.']
    : inColumns([
        ['ENTRY', 'WHEN', 'APPROVAL', 'BY', 'CHANNEL', 'PROOF', 'CALL', 'DIGEST', 'WHAT'],
        ...approvals.map(({ seq, at, approvalId, by, channel, proof, passkey, call, digest, what = '' }) =>
          [
            String(seq),
            isoTime(at),
            approvalId,
            by,
            channel,
            proof === 'word'
              ? PROOF_WORDS.word
              : `${PROOF_WORDS[proof]}${channel === 'passkey' ? ` ${passkey ?? '(enrolled elsewhere)'}` : ''}`,
            CALL_WORDS[call],
            digest,
            what.length > 80 ? `${what.slice(0, 79)}…` : what,
          ].map(printableCell),
        ),
      ]);
