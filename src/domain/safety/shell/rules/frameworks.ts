import { scanOptions, valuesOf } from '../options.ts';
import { type Finding, high, type Invocation, type RuleTable, script } from '../rule.ts';
import { codeFindings } from './inlineCode.ts';

const empties = high('database', 'it drops or empties a whole database');
const shows = high('publish', 'it changes what a registry shows to everyone');
const stops = high('system', 'it ends processes that may not be its own');

type Words = readonly (readonly [pattern: RegExp, finding: Finding, unless?: RegExp])[];

const DRY = /(^|\s)--?(dry-run|help|version|h|n)(\s|$)/u;

/** What frameworks and build tools call the end of a database, or publishing. */
const BY_WORDS: Readonly<Record<string, Words>> = {
  rails: [[/\bdb:(drop|reset|purge|truncate_all|migrate:reset|setup:reset)\b/u, empties]],
  rake: [[/\bdb:(drop|reset|purge|truncate_all|migrate:reset)\b/u, empties]],
  artisan: [[/\b(migrate:(fresh|reset|refresh)|db:wipe)\b/u, empties]],
  prisma: [[/\bmigrate reset\b|--force-reset\b|--accept-data-loss\b/u, empties]],
  knex: [[/\bmigrate:rollback\b.*--all\b/u, empties]],
  sequelize: [[/\bdb:drop\b|\bmigrate:undo:all\b/u, empties]],
  'sequelize-cli': [[/\bdb:drop\b|\bmigrate:undo:all\b/u, empties]],
  typeorm: [[/\bschema:drop\b/u, empties]],
  'drizzle-kit': [[/\bdrop\b|--force\b/u, empties]],
  alembic: [[/\bdowngrade\s+base\b/u, empties]],
  flyway: [[/(^|\s)clean\b/u, empties, /cleanDisabled=true/u]],
  liquibase: [[/\bdrop-?all\b/iu, empties]],
  mix: [
    [/\becto\.(drop|reset)\b/u, empties],
    [/^hex\.publish\b/u, shows],
  ],
  sqlx: [[/\bdatabase (drop|reset)\b/u, empties]],
  diesel: [[/\bdatabase (drop|reset)\b/u, empties]],
  'manage.py': [[/^(flush|reset_db|sqlclear|drop_\w+|delete_\w+|clear_\w+)\b/u, empties]],
  mvn: [[/(^|\s)(deploy|deploy:deploy\S*|release:perform)(\s|$)/u, shows]],
  gradle: [[/(^|[\s:])(publish(?!ToMavenLocal)\w*|uploadArchives|closeAndRelease\w*)(\s|$)/u, shows]],
  sbt: [[/(^|\s)"?(publish|publishSigned|release)"?(\s|$)/u, shows]],
  lein: [[/^deploy\b/u, shows]],
  dotnet: [[/^nuget (push|delete)\b/u, shows]],
  fuser: [[/(^|\s)-\w*k/u, stops, /^(-k|-\d+|-[A-Z]+|-n\s\w+|-v|\d+\/(tcp|udp)|\s)+$/u]],
};

const SAME: Readonly<Record<string, string>> = { mvnw: 'mvn', gradlew: 'gradle' };

/** Findings of a framework's command line, given the words behind its name. */
export const frameworkFindings = (name: string, args: readonly string[]): readonly Finding[] => {
  const line = args.join(' ');
  if (line.length > 4_096) return [];
  return (BY_WORDS[SAME[name] ?? name] ?? []).flatMap(([pattern, finding, unless]) =>
    pattern.test(line) && unless?.test(line) !== true && !DRY.test(line) ? [finding] : [],
  );
};

const rule = (call: Invocation): readonly Finding[] => frameworkFindings(call.name, call.args);

/** `rails runner 'code'`: a line of Ruby with the application loaded. */
const rails = (call: Invocation): readonly Finding[] => {
  const [first = '', code = ''] = call.args;
  return [
    ...rule(call),
    ...(['runner', 'r'].includes(first) && /[\s.(]/u.test(code)
      ? [
          ...codeFindings(code, 'ruby'),
          ...(/\.(delete|destroy)(_all|_by)?!?(\W|$)/u.test(code) ? [empties] : []),
        ]
      : []),
  ];
};

/** `cmake -E`: the commands of files that every platform has. */
const cmake = (call: Invocation): readonly Finding[] => {
  const [first = '', command = '', ...rest] = call.args;
  if (first === '-E') {
    const { operands } = scanOptions(rest);
    if (['rm', 'remove', 'remove_directory'].includes(command))
      return operands.map((path) => ({ is: 'delete', path }));
    if (command === 'truncate') return operands.map((path) => ({ is: 'delete', path }));
    if (
      /^(copy|copy_directory|copy_if_different|rename|create_hardlink|create_symlink|touch|make_directory)$/u.test(
        command,
      )
    )
      return operands.map((path) => ({ is: 'write', path }));
    if (command === 'time') return [{ is: 'argv', words: rest }];
    if (command === 'env') return [{ is: 'argv', words: ['env', ...rest] }];
    if (command === 'chdir') return [{ is: 'argv', words: rest.slice(1), cwd: rest[0] ?? '.' }];
    return [];
  }
  return valuesOf(scanOptions(call.args, { values: 'P' }), 'P').some((file) =>
    /^(-$|\/dev\/|\u0000)/u.test(file),
  )
    ? [high('dynamic-script', 'it runs a script that is known only when it runs')]
    : [];
};

/** `-ex 'shell …'`: debuggers run programs and code by their own commands. */
const debuggerCommands = (texts: readonly string[]): readonly Finding[] =>
  texts.flatMap((text): readonly Finding[] => {
    const shell = /^\s*(?:!|(?:platform\s+)?she?l?l?\s|pipe\s[^|]*\||\|)(.*)$/su.exec(text)?.[1];
    if (shell !== undefined) return [script(shell)];
    return /^\s*(py\w*|script|guile|source|command source|compile|expression|expr|dump|restore|generate-core-file)\b|\b(system|popen|exec\w*|unlink|remove)\s*\(/u.test(
      text,
    )
      ? [high('inline-code', 'its debugger commands run code')]
      : [];
  });

const gdb = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(call.args, {
    values: 'x ex iex ix p d s e c eval-command init-eval-command command directory pid cd tty',
    singleDash: true,
    stopAtOperand: true,
  });
  const own = scan.options.some(({ name }) => name === 'args');
  return [
    ...debuggerCommands(valuesOf(scan, 'ex', 'iex', 'eval-command', 'init-eval-command')),
    ...(own && scan.rest.length > 0 ? [{ is: 'argv', words: scan.rest } as const] : []),
  ];
};

const lldb = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(call.args, {
    values: 'o O k s S K p n f one-line one-line-before-file one-line-on-crash source',
    stopAtOperand: true,
  });
  return [
    ...debuggerCommands(
      valuesOf(scan, 'o', 'O', 'k', 'one-line', 'one-line-before-file', 'one-line-on-crash'),
    ),
    ...(scan.rest.length > 0 ? [{ is: 'argv', words: scan.rest } as const] : []),
  ];
};

export const FRAMEWORK_RULES: RuleTable = {
  ...Object.fromEntries(
    [...Object.keys(BY_WORDS), ...Object.keys(SAME)].map((name) => [
      name,
      { base: 'MEDIUM', findings: rule } as const,
    ]),
  ),
  rails: { base: 'MEDIUM', findings: rails },
  cmake: { base: 'MEDIUM', findings: cmake },
  gdb: { base: 'MEDIUM', findings: gdb },
  lldb: { base: 'MEDIUM', findings: lldb },
};
