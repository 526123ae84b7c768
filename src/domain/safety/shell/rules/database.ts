import { isDynamic } from '../../markers.ts';
import { has, hasExactly, scanOptions, valuesOf } from '../options.ts';
import { type Finding, high, type Invocation, type RuleTable, reads, under, writes } from '../rule.ts';

const withoutLiterals = (sql: string): string =>
  sql
    .replaceAll(/\/\*!?\d*([\s\S]*?)\*\//gu, (_all, body: string) =>
      _all.startsWith('/*!') ? ` ${body} ` : ' ',
    )
    .replaceAll(/(--|#)[^\n]*/gu, ' ')
    .replaceAll(/'(?:''|\\.|[^'\\])*'/gu, "''");

const DESTROYS =
  /^(DROP|TRUNCATE|DELETE|PURGE|VACUUM\s+FULL|RESET\s+MASTER|SHUTDOWN|KILL|REVOKE|FLUSH)\b|^(ALTER\b.*\b(DROP|TRUNCATE|RENAME)\b)|^(REPLACE\s+INTO)\b|^(WITH\b.*\)\s*(DELETE|UPDATE)\b)|^(EXPLAIN\s+ANALY[SZ]E\s+(DELETE|UPDATE|DROP))|^DO\b|\bINTO\s+(OUTFILE|DUMPFILE)\b|\b(pg_terminate_backend|lo_unlink|pg_read_file|xp_cmdshell)\b|^COPY\b.*\bPROGRAM\b|^\\(!|copy.*program)|^\.(shell|system)\b/isu;

/** True where one statement of the text loses data: DELETE and DROP always, UPDATE without WHERE. */
export const sqlDestroys = (sql: string): boolean =>
  withoutLiterals(sql)
    .split(/;|\\gexec/u)
    .map((statement) =>
      statement.trim().replace(/^(BEGIN|START TRANSACTION|EXPLAIN(?!\s+ANALY[SZ]E))\s+/iu, ''),
    )
    .some(
      (statement) =>
        DESTROYS.test(statement) ||
        (/^UPDATE\b/iu.test(statement) && !/\bWHERE\b/iu.test(statement)) ||
        (/^EXEC(UTE)?\b/iu.test(statement) && /\b(DROP|DELETE|TRUNCATE)\b/iu.test(sql)),
    );

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

const lost = (texts: readonly string[], test: (text: string) => boolean): readonly Finding[] => [
  ...(texts.some(test) ? [high('database', 'it deletes or empties data in a database')] : []),
  ...(texts.some((text) => isDynamic(text) && text.startsWith('\u0000'))
    ? [high('database', 'its statement is known only when it runs')]
    : []),
];

const sql = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(call.args, { values: VALUES });
  const inline = valuesOf(scan, 'c', 'e', 'Q', 'q', 'execute', 'command', 'query', 'cmd');
  const operands = scan.operands.filter((operand) => /\s/u.test(operand) || operand.startsWith('.'));
  return lost([...inline, ...operands, ...fed(call)], sqlDestroys);
};

/** Statements and dot commands of sqlite that only look. */
const LOOKS =
  /^(select|explain|with|pragma\s+\w+\s*$|values|\.(schema|tables|indexes|mode|headers|dump|databases)\b)/iu;
const TO_FILE =
  /(?:^|\n)\s*\.(?:output|once|backup|save|clone|log|open|excel)\s+(?:main\s+)?([^\s|-]\S*)|\battach\s+(?:database\s+)?'([^']+)'|\bvacuum\s+\w*\s*into\s+'([^']+)'|\bwritefile\s*\(\s*'([^']+)'/giu;
const FROM_FILE = /(?:^|\n)\s*\.(?:read|import|load|restore)\s+([^\s|-]\S*)|\breadfile\s*\(\s*'([^']+)'/giu;
const PIPES = /(?:^|\n)\s*\.(?:output|once|read|import)\s+['"]?\|/u;

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
    ...(texts.some((text) => PIPES.test(text)) ? [high('inlineCode', 'its statements run programs')] : []),
  ];
};

const mongo = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(call.args, {
    values: 'eval host port u p username password authenticationDatabase',
  });
  const destroys = (text: string): boolean =>
    /\b(dropDatabase|drop|dropUser|dropAllUsers\w*|dropRole|dropIndex(es)?|deleteMany|deleteOne|remove|findOneAndDelete|findAndModify|shutdownServer|bulkWrite|renameCollection)\s*\(|\bdropDatabase\b|\$out\b/u.test(
      text,
    );
  return lost([...valuesOf(scan, 'eval'), ...fed(call)], destroys);
};

const redis = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(call.args, { values: 'h p a n u s i r user pass', stopAtOperand: true });
  const words = [...scan.rest.slice(0, 2), ...fed(call).flatMap((text) => text.split(/\s+/u))];
  const gone =
    /^(flushall|flushdb|del|unlink|shutdown|hdel|ltrim|zrem.*|srem|xtrim|xdel|getdel|swapdb|reset|failover|restore|eval|evalsha|script|expire|pexpire)$/iu;
  const config =
    words.some((word) => /^(config|debug|cluster|replicaof|slaveof|acl|module)$/iu.test(word)) &&
    words.some((word) =>
      /^(set|reset|forget|flushslots|deluser|load|segfault|resetstat|rewrite|no|delslots|failover)$/iu.test(
        word,
      ),
    );
  return words.some((word) => gone.test(word)) || config
    ? [high('database', 'it deletes or changes data in a database')]
    : [];
};

const always =
  (text: string) =>
  (call: Invocation): readonly Finding[] =>
    has(scanOptions(call.args), 'help', 'version') ? [] : [high('database', text)];

export const DATABASE_RULES: RuleTable = {
  ...under(
    'psql mysql mariadb sqlcmd bcp usql cockroach clickhouse clickhouse-client cqlsh snowsql bq pgcli mycli litecli sqlplus isql',
    { base: 'MEDIUM', findings: sql },
  ),
  ...under('sqlite3 sqlite duckdb', { base: 'MEDIUM', findings: sqlite }),
  ...under('mongo mongosh', { base: 'MEDIUM', findings: mongo }),
  ...under('redis-cli valkey-cli keydb-cli', { base: 'MEDIUM', findings: redis }),
  ...under('dropdb dropuser pg_resetwal pg_dropcluster', {
    base: 'MEDIUM',
    findings: always('it drops a database'),
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
  mongorestore: {
    base: 'MEDIUM',
    findings: (call) =>
      call.args.includes('--drop') ? [high('database', 'it drops what it restores over')] : [],
  },
};
