import { isDynamic } from '../../markers.ts';
import { has, hasExactly, scanOptions, valuesOf } from '../options.ts';
import {
  critical,
  type Finding,
  high,
  type Invocation,
  type RuleTable,
  reads,
  under,
  writes,
} from '../rule.ts';
import { sqlDestroys } from './sql.ts';

const VALUES =
  'c e d h p P u U D f v o F execute command dbname host port username user database file Q q E S query eval';

const fed = (call: Invocation): readonly string[] => {
  if (call.stdin.kind === 'text') return [call.stdin.text];
  const from = call.stdin.kind === 'pipe' ? call.stdin.from : undefined;
  if (from === undefined) return [];
  if (from.words[0] === 'cat' && from.stdin.kind === 'text') return [from.stdin.text];
  return ['echo', 'printf'].includes(from.words[0] ?? '')
    ? [from.words.slice(1).join(' ').replaceAll('\\n', '\n')]
    : [];
};

/** A host that is not this machine, by option or address. */
const isRemote = ({ args }: Invocation): boolean =>
  args.some((arg, at) => {
    const url = /^[a-z+]+:\/\/(?:[^@/]*@)?([^:/?]*)/u.exec(arg)?.[1];
    const option = /^(?:-h|--host=|--hostname=|--url=|host=)(.*)$/u.exec(arg)?.[1];
    const next = /^(-h|--host|--hostname|-S|--server)$/u.test(arg) ? args[at + 1] : undefined;
    const host = url ?? (next === undefined ? option : next);
    return host !== undefined && host !== '' && !/^(localhost|127\.|::1|\/|\.)/u.test(host);
  });

const emptied = (call: Invocation): Finding =>
  isRemote(call)
    ? critical('remote-destroy', 'it deletes or empties data in a database of another machine')
    : high('database', 'it deletes or empties data in a database');

const lost = (
  call: Invocation,
  texts: readonly string[],
  test: (text: string) => boolean,
): readonly Finding[] => [
  ...(texts.some(test) ? [emptied(call)] : []),
  ...(texts.some((text) => isDynamic(text) && text.startsWith('\u0000'))
    ? [high('database', 'its statement is known only when it runs')]
    : []),
];

const sql = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(call.args, { values: VALUES });
  const inline = valuesOf(scan, 'c', 'e', 'Q', 'q', 'execute', 'command', 'query', 'cmd');
  const operands = scan.operands.filter((operand) => /\s/u.test(operand) || operand.startsWith('.'));
  return lost(call, [...inline, ...operands, ...fed(call)], sqlDestroys);
};

/** Statements and dot commands of sqlite that only look. */
const LOOKS =
  /^(select|explain|with|pragma\s+\w+\s*$|values|\.(schema|tables|indexes|mode|headers|dump|databases)\b)/iu;
const TO_FILE =
  /(?:^|\n)[ \t]*\.(?:output|once|backup|save|clone|log|open|excel)\s+(?:main\s+)?([^\s|-]\S*)|\battach\s+(?:database\s+)?'([^']+)'|\bvacuum\s+\w*\s*into\s+'([^']+)'|\bwritefile\s*\(\s*'([^']+)'/giu;
const FROM_FILE =
  /(?:^|\n)[ \t]*\.(?:read|import|load|restore)\s+([^\s|-]\S*)|\breadfile\s*\(\s*'([^']+)'/giu;
const PIPES = /(?:^|\n)[ \t]*\.(?:output|once|read|import)\s+['"]?\|/u;

const LOADS = /\b(load_extension|edit)\s*\(|(?:^|\n)[ \t]*\.load\b/iu;

const namedIn = (texts: readonly string[], pattern: RegExp): readonly string[] =>
  texts.flatMap((text) =>
    [...text.matchAll(pattern)].flatMap((match) => match.slice(1).filter((name) => name !== undefined)),
  );

/** A database in a file: the first operand is that file, written unless every statement only asks. */
const sqlite = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(call.args, {
    values: 'cmd init separator newline nullvalue maxsize mmap vfs A c s',
    singleDash: true,
  });
  const [file = '', ...operands] = scan.operands;
  const texts = [...operands, ...valuesOf(scan, 'cmd', 'c'), ...fed(call)];
  const statements = texts.flatMap((text) => text.split(/[;\n]/u)).map((text) => text.trim());
  const asks =
    hasExactly(scan, 'readonly') ||
    (texts.length > 0 && statements.every((text) => text === '' || LOOKS.test(text)));
  const path = file.replace(/^file:/u, '').replace(/\?.*$/u, '');
  const files = path === '' || path === ':memory:' ? [] : [path];
  return [
    ...sql(call),
    ...(asks ? reads(files) : writes(files)),
    ...writes(namedIn(texts, TO_FILE)),
    ...reads([...namedIn(texts, FROM_FILE), ...valuesOf(scan, 'init')]),
    ...(texts.some((text) => LOADS.test(text))
      ? [high('inline-code', 'its statements load or run other programs')]
      : []),
    ...(texts.some((text) => PIPES.test(text)) ? [high('inline-code', 'its statements run programs')] : []),
  ];
};

const mongo = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(call.args, {
    values: 'eval host port u p username password authenticationDatabase',
  });
  const destroys = (text: string): boolean =>
    /\b(dropDatabase|drop|dropUser|dropAllUsers\w*|dropRole|dropIndex(es)?|deleteMany|deleteOne|remove|findOneAndDelete|findAndModify|shutdownServer|bulkWrite|renameCollection)\s*\(|\bdropDatabase\b|\$out\b|\[\s*["'`](drop|delete|remove)\w*["'`]\s*\]/u.test(
      text,
    );
  return lost(call, [...valuesOf(scan, 'eval'), ...fed(call)], destroys);
};

const redis = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(call.args, { values: 'h p a n u s i r user pass', stopAtOperand: true });
  const words = [...scan.rest.slice(0, 2), ...fed(call).flatMap((text) => text.split(/\s+/u))];
  const gone =
    /^(flushall|flushdb|del|unlink|shutdown|hdel|ltrim|zrem.*|srem|xtrim|xdel|getdel|swapdb|reset|failover|restore|eval|evalsha|script|expire|pexpire)$/iu;
  const config =
    words.some((word) => /^(config|debug|cluster|replicaof|slaveof|acl|module)$/iu.test(word)) &&
    words.some((word) =>
      /^(set|reset|forget|flushslots|deluser|load|segfault|crash\S*|panic|oom|restart|sleep|resetstat|rewrite|no|delslots|failover)$/iu.test(
        word,
      ),
    );
  return words.some((word) => gone.test(word)) || config ? [emptied(call)] : [];
};

export const DATABASE_RULES: RuleTable = {
  ...under(
    'psql mysql mariadb sqlcmd bcp usql cockroach clickhouse clickhouse-client cqlsh snowsql snow databricks pgcli mycli litecli sqlplus isql',
    { base: 'MEDIUM', findings: sql },
  ),
  ...under('sqlite3 sqlite duckdb', { base: 'MEDIUM', findings: sqlite }),
  ...under('mongo mongosh', { base: 'MEDIUM', findings: mongo }),
  ...under('redis-cli valkey-cli keydb-cli', { base: 'MEDIUM', findings: redis }),
  ...under('dropdb dropuser pg_resetwal pg_dropcluster', {
    base: 'MEDIUM',
    findings: (call) => (has(scanOptions(call.args), 'help', 'version') ? [] : [emptied(call)]),
  }),
  mysqladmin: {
    base: 'MEDIUM',
    findings: (call) =>
      call.args.some((arg) => /^(drop|shutdown|flush.*|kill|password|stop.*)$/iu.test(arg))
        ? [high('database', 'it drops or stops a database')]
        : [],
  },
  pg_restore: {
    base: 'MEDIUM',
    findings: (call) =>
      has(scanOptions(call.args, { values: 'd h p U' }), 'c', 'clean')
        ? [high('database', 'it drops what it restores over')]
        : [],
  },
  ...under('mongorestore mongoimport', {
    base: 'MEDIUM',
    findings: (call) =>
      call.args.includes('--drop') ? [high('database', 'it drops what it restores over')] : [],
  }),
};
