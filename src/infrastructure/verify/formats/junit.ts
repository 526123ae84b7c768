import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import { createFindings, type Findings, type ReportFormat } from './format.ts';

/** Characters of one report that are read; a longer one is not complete and therefore not a report. */
export const MAX_REPORT = 8 * 1024 * 1024;

const BEGIN = /<testsuites?[\s>]/;

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  attributesGroupName: '@',
  parseAttributeValue: false,
  htmlEntities: true,
  isArray: (name) => name === 'testsuite' || name === 'testcase' || name === 'testsuites',
});

const attributes = z
  .looseObject({ name: z.string().optional(), classname: z.string().optional() })
  .optional();
const testCase = z.looseObject({
  '@': attributes,
  failure: z.unknown().optional(),
  error: z.unknown().optional(),
  // node --test notes a failure that is only to do as a failure and as skipped.
  skipped: z.unknown().optional(),
});
const node = z.looseObject({
  testsuites: z.array(z.unknown()).optional(),
  testsuite: z.array(z.unknown()).optional(),
  testcase: z.array(z.unknown()).optional(),
});

/**
 * Failing tests of a JUnit XML report, in any of its dialects: suites in suites, `failure` or `error` below a
 * case. Names are "class > test".
 */
export const parseJUnit = (xml: string): Findings => {
  const findings = createFindings();
  const root = xml.search(BEGIN);
  // A document type, which stands before the root, can declare entities that grow without end; no runner has one.
  if (root === -1 || xml.slice(0, root).includes('<!DOCTYPE')) return findings.result();
  let document: unknown;
  try {
    document = parser.parse(xml);
  } catch {
    return findings.result();
  }
  const walk = (value: unknown): void => {
    const { data } = node.safeParse(value);
    if (data === undefined) return;
    if (data.testsuites ?? data.testsuite ?? data.testcase) findings.recognise();
    for (const one of data.testcase ?? []) {
      const { data: found } = testCase.safeParse(one);
      if (found === undefined || found.skipped !== undefined) continue;
      if (found.failure === undefined && found.error === undefined) continue;
      const { classname, name } = found['@'] ?? {};
      findings.fail([classname, name].filter((part) => part !== undefined && part !== '').join(' > '));
    }
    for (const inner of [...(data.testsuites ?? []), ...(data.testsuite ?? [])]) walk(inner);
  };
  walk(document);
  return findings.result();
};

const END = /<\/testsuites?>\s*$/;

/** A JUnit report printed among other output. */
export const junit: ReportFormat = {
  name: 'junit',
  open: () => {
    const findings = createFindings();
    let close: string | undefined;
    let lines: string[] = [];
    let length = 0;
    const finish = (): void => {
      const found = parseJUnit(lines.join('\n'));
      if (found.recognised) findings.recognise();
      for (const name of found.failing) findings.fail(name);
      close = undefined;
    };
    return {
      line: (text) => {
        if (close === undefined) {
          if (!/^\s*(<\?xml .*)?<testsuites?[\s>]/.test(text)) return;
          close = text.includes('<testsuites') ? '</testsuites>' : '</testsuite>';
          lines = [];
          length = 0;
        }
        length += text.length;
        if (length <= MAX_REPORT) lines.push(text);
        if (END.test(text) && text.includes(close)) finish();
      },
      result: findings.result,
    };
  },
};
