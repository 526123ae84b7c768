import { hasExactly, scanOptions } from '../options.ts';
import {
  deletes,
  type Finding,
  high,
  type Invocation,
  type RuleTable,
  reads,
  under,
  writes,
} from '../rule.ts';
import { sqlDestroys } from './sql.ts';

/** `delete from users;` typed as a command is a statement for a database. */
const isStatement = ({ name, args }: Invocation): boolean =>
  /^(from|table|database|schema|index|view|user|role|trigger|function|sequence)$/iu.test(args[0] ?? '') &&
  sqlDestroys([name, ...args].join(' '));

const removes = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(call.args, { values: 's n size iterations reference' });
  if (hasExactly(scan, 'help', 'version') && scan.operands.length === 0) return [];
  if (isStatement(call)) return [high('database', 'it deletes or empties data in a database')];
  return scan.operands.length === 0
    ? [high('delete', `${call.name} deletes or empties files`)]
    : deletes(scan.operands);
};

/** Programs whose very purpose is that something is gone afterwards. */
export const DELETE_RULES: RuleTable = {
  ...under(
    'rm rmdir unlink shred truncate srm wipe rimraf del del-cli trash trash-put trash-empty gio-trash rd erase deltree remove-item ri bleachbit fstrim flushall flushdb drop delete rmtrash safe-rm grm gvfs-trash kioclient-trash',
    {
      base: 'MEDIUM',
      findings: removes,
    },
  ),
  gio: {
    base: 'MEDIUM',
    findings: (call) =>
      ['trash', 'remove'].includes(call.args[0] ?? '') ? removes({ ...call, args: call.args.slice(1) }) : [],
  },
  fallocate: {
    base: 'MEDIUM',
    findings: (call) => {
      const scan = scanOptions(call.args, { values: 'l o length offset' });
      const empties = scan.options.some(({ name }) => /^(p|z|c|punch.*|zero.*|collapse.*)$/u.test(name));
      return empties ? deletes(scan.operands) : writes(scan.operands);
    },
  },
  dd: {
    base: 'MEDIUM',
    findings: (call) => {
      const target = call.args.find((arg) => arg.startsWith('of='));
      if (call.args.some((arg) => /^[\u0000\u0003]/u.test(arg)))
        return [high('delete', 'dd may overwrite its target')];
      const source = reads(call.args.flatMap((arg) => (arg.startsWith('if=') ? [arg.slice(3)] : [])));
      if (target === undefined) return source;
      const lost = /^of=\/dev\/(null|stdout|stderr|tty|fd\/[12])$/u.test(target)
        ? []
        : deletes([target.slice(3)]);
      return [...source, ...lost];
    },
  },
};
