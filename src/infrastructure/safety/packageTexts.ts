import type { PackageCall } from '../../domain/safety/shell/rules/scriptCalls.ts';
import { nearestPackage, type Scripts } from './manifests.ts';
import { quoted, within } from './shellQuote.ts';
import { type Package, selectedOf, workspaceOf } from './workspaces.ts';

const packagesFor = async (folder: string, of: PackageCall['of']): Promise<readonly Package[]> => {
  if (of !== 'here') {
    const all = await workspaceOf(folder);
    if (of === 'all' && all.length > 0) return all;
    if (of !== 'all') {
      // A folder may be named that no workspace lists.
      const named = all.length > 0 ? selectedOf(all, of, folder) : [];
      if (named.length > 0) return named;
    }
  }
  const nearest = await nearestPackage(folder);
  return nearest === undefined ? [] : [{ ...nearest, name: undefined }];
};

const own = (scripts: Scripts, name: string): string | undefined =>
  Object.hasOwn(scripts, name) ? scripts[name] : undefined;

/** The script with what npm runs before and after it, each in a shell of its own. */
const textsOf = (scripts: Scripts, name: string, args: readonly string[]): readonly string[] => {
  const text = own(scripts, name);
  if (text === undefined) return [];
  const whole = [text, ...args.map(quoted)].join(' ');
  return [own(scripts, `pre${name}`), whole, own(scripts, `post${name}`)].filter(
    (each) => each !== undefined,
  );
};

/**
 * What a package's script runs, of each package that the call selects and in its folder.
 * @param folder absolute, that the call runs in.
 * @returns shell text; undefined where nobody has such a script.
 */
export const packageText = async (folder: string, call: PackageCall): Promise<string | undefined> => {
  const packages = await packagesFor(folder, call.of);
  const lines = packages.flatMap((each) =>
    call.names.flatMap((name, at) =>
      textsOf(each.scripts, name, at === call.names.length - 1 ? call.args : []).map((text) =>
        within(each.folder, folder, text),
      ),
    ),
  );
  // Several names are what runs by itself: where there is none of them, nothing does.
  if (lines.length === 0) return packages.length > 0 && call.names.length > 1 ? '' : undefined;
  return lines.join('\n');
};
