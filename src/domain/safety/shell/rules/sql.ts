import { withoutComments, withoutQuoted } from './quoted.ts';

/** MySQL runs what stands in a comment that begins with `!`. */
const withoutLiterals = (sql: string): string =>
  withoutQuoted(
    withoutComments(sql, (comment) =>
      comment.startsWith('/*!') ? ` ${comment.slice(3, -2).replace(/^\d*/u, '')} ` : ' ',
    ).replaceAll(/(--|#)[^\n]*/gu, ' '),
    "'",
    false,
  );

const DESTROYS =
  /^(DROP|TRUNCATE|DELETE|PURGE|VACUUM\s+FULL|RESET\s+MASTER|SHUTDOWN|KILL|REVOKE|FLUSH)\b|^(ALTER\b.*\b(DROP|TRUNCATE|RENAME)\b)|^(REPLACE\s+INTO)\b|^(WITH\b.*[()]\s*(DELETE|UPDATE)\b)|^(EXPLAIN\s+ANALY[SZ]E\s+(DELETE|UPDATE|DROP))|^DO\b|\bINTO\s+(OUTFILE|DUMPFILE)\b|\b(pg_terminate_backend|lo_unlink|pg_read_file|xp_cmdshell)\b|^COPY\b.*\bPROGRAM\b|^\\(!|copy.*program)|\\(o|out|g|gx|w)\s*\||^system\s|^\.(shell|system)\b/isu;

/** True where one statement of the text loses data: DELETE and DROP always, UPDATE without WHERE. */
export const sqlDestroys = (sql: string): boolean =>
  withoutLiterals(sql)
    .split(/;|\\gexec/u)
    .map((statement) =>
      statement
        .trim()
        .replace(/^(BEGIN|START TRANSACTION)\s+/iu, '')
        // Only with ANALYZE it runs what it explains.
        .replace(/^EXPLAIN\b(?=[\s\S]*\bANALY[SZ]E\b)(?:\s*\([^)]*\)|\s+(?:ANALY[SZ]E|VERBOSE)\b)*\s*/iu, ''),
    )
    .some(
      (statement) =>
        DESTROYS.test(statement) ||
        (/^UPDATE\b/iu.test(statement) && !/\bWHERE\b/iu.test(statement)) ||
        (/^EXEC(UTE)?\b/iu.test(statement) && /\b(DROP|DELETE|TRUNCATE)\b/iu.test(sql)),
    );
