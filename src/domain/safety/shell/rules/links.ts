import { isAbsolute } from '../../lexicalPath.ts';
import { has, scanOptions, valuesOf } from '../options.ts';
import { deletes, type Finding, type Invocation, type RuleTable, under, writes } from '../rule.ts';

const nameOf = (path: string): string => path.replace(/\/+$/u, '').replace(/^.*\//u, '');

/** The folder that a link named `target` lies in, with the `/` behind it. */
const folderOf = (target: string): string => target.slice(0, target.lastIndexOf('/') + 1);

/**
 * A hard link, or a link to outside, is a door through the fence: its source counts as written. A relative
 * source of a symbolic link is read from the folder of the link. Whether `ln -s a b` makes `b` or `b/a`
 * depends on what `b` is, so the folder counts that lies higher.
 */
const links = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(call.args, { values: 't S suffix target-directory' });
  const into = valuesOf(scan, 't', 'target-directory').at(-1);
  const single = into === undefined && scan.operands.length === 1;
  const sources = into === undefined && !single ? scan.operands.slice(0, -1) : scan.operands;
  const target = into ?? (single ? '.' : (scan.operands.at(-1) ?? ''));
  const isFolder =
    into !== undefined || sources.length > 1 || target.endsWith('/') || /(^|\/)\.\.?$/u.test(target);
  const whole = isFolder ? `${target.replace(/(?<=.)\/+$/u, '')}/` : folderOf(target);
  const folder = whole === './' ? '' : whole;
  const fromLink = has(scan, 's', 'symbolic') && !has(scan, 'r', 'relative');
  const made = sources.flatMap((source) => [
    ...(isFolder ? [] : [target]),
    `${isFolder ? folder : `${target}/`}${nameOf(source)}`,
  ]);
  return [
    ...writes(sources.map((source) => (fromLink && !isAbsolute(source) ? `${folder}${source}` : source))),
    ...(sources.includes('/dev/null') ? deletes([target]) : []),
    ...(single ? [] : writes([target])),
    ...made.map(
      (path): Finding => ({
        is: 'link',
        path,
        climbs: sources.some((source) => source.split('/').includes('..')),
      }),
    ),
  ];
};

export const LINK_RULES: RuleTable = under('ln link gln', { base: 'MEDIUM', findings: links });
