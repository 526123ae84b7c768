import { z } from 'zod';
import { isUncertain } from '../../markers.ts';
import type { Finding } from '../rule.ts';

/** Scripts of a package as a call runs them, where their name alone does not say it. */
export const packageCallSchema = z.strictObject({
  /** Names of scripts, in the order in which they run; those that are not there are passed over. */
  names: z.array(z.string()),
  /** Words that the last script gets; unknown parts are markers (markers.ts). */
  args: z.array(z.string()),
  /** Whose scripts: the package of the folder, all of its workspace, or those that these words select. */
  of: z.union([z.enum(['here', 'all']), z.array(z.string())]),
});
export type PackageCall = z.infer<typeof packageCallSchema>;

/** A build tool's call by its files, targets and variables, where the targets alone do not say it. */
export const targetsCallSchema = z.strictObject({
  targets: z.array(z.string()),
  /** Files that it reads instead of the usual one. */
  files: z.array(z.string()),
  variables: z.record(z.string(), z.string()),
});
export type TargetsCall = z.infer<typeof targetsCallSchema>;

/** Kinds of scripts that are named by a whole call, written as JSON. */
export const CALLS = { npm: 'npm-call', make: 'make-call', just: 'just-call', task: 'task-call' } as const;
type CallKind = keyof typeof CALLS;

const at = (cwd: string | undefined) => (cwd === undefined ? {} : { cwd });

/** Scripts of a package; what nobody knows before it runs is an ordinary command. */
export const packageScripts = (call: PackageCall, cwd: string | undefined): readonly Finding[] => {
  const { names, args, of } = call;
  if (names.some(isUncertain)) return [];
  const [name = '', ...others] = names;
  return args.length === 0 && of === 'here' && others.length === 0
    ? [{ is: 'package-script', kind: 'npm', name, ...at(cwd) }]
    : [{ is: 'package-script', kind: CALLS.npm, name: JSON.stringify(call), ...at(cwd) }];
};

/** Targets of a makefile or its like; none is its first one. */
export const buildTargets = (
  kind: Exclude<CallKind, 'npm'>,
  call: TargetsCall,
  cwd?: string,
): readonly Finding[] => {
  if ([...call.targets, ...call.files].some(isUncertain)) return [];
  // Words behind a recipe's name are its arguments.
  const plain = kind === 'make' || call.targets.length < 2;
  return plain && call.files.length === 0 && Object.keys(call.variables).length === 0
    ? (call.targets.length === 0 ? [''] : call.targets).map((name) => ({
        is: 'package-script',
        kind,
        name,
        ...at(cwd),
      }))
    : [{ is: 'package-script', kind: CALLS[kind], name: JSON.stringify(call), ...at(cwd) }];
};
