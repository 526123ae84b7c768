import { isUncertain } from '../../markers.ts';
import { type Scan, valuesOf } from '../options.ts';
import { type Finding, high, script } from '../rule.ts';

const SHELLS = /^(|((\/usr)?\/bin\/)?(ba|z|da|k)?sh)$/u;
const LOADS = /--(require|import|loader|experimental-loader)\b|(^|\s)-r/u;

const another = high('dynamic-script', 'it gives the package manager another shell for its scripts');
const loads = high('environment', 'it makes the programs of its scripts load other code');
const other = high('environment', 'it makes the package manager read other settings, which may run programs');
const asksNobody = high('download-run', 'it fetches a package and runs it, and asks nobody');

/** Settings of npm and its kin that decide what runs, by their names as options. */
const SETTINGS: Readonly<Record<string, (value: string) => readonly Finding[]>> = {
  'script-shell': (value) => (SHELLS.test(value) ? [] : [another]),
  'node-options': (value) => (LOADS.test(value) || isUncertain(value) ? [loads] : []),
  userconfig: (value) => (/^(|\/dev\/null)$/u.test(value) ? [] : [other]),
  globalconfig: (value) => (/^(|\/dev\/null)$/u.test(value) ? [] : [other]),
  git: (value) => [script(value)],
  shell: (value) => (SHELLS.test(value) ? [] : [another]),
  editor: (value) => [script(value)],
  viewer: (value) => (/^(|man|woman|browser|chrome|firefox)$/u.test(value) ? [] : [script(value)]),
  'node-gyp': (value) => [script(value)],
  'onload-script': () => [loads],
};

/** Of options. `--yes` is for the launcher to judge, which knows what is fetched. */
export const settingFindings = (scans: readonly Scan[]): readonly Finding[] =>
  Object.entries(SETTINGS).flatMap(([name, findings]) =>
    scans.flatMap((scan) => valuesOf(scan, name).flatMap(findings)),
  );

/** `npm_config_yes=true npx x`: the same by a variable of the environment. */
export const environmentSetting = (variable: string, value: string): readonly Finding[] => {
  const [, written] = /^(?:npm|pnpm|yarn)_config_(.+)$/iu.exec(variable) ?? [];
  if (written === undefined) return [];
  const name = written.toLowerCase().replaceAll('_', '-');
  if (name === 'yes') return /^(|false|null|0)$/iu.test(value) ? [] : [asksNobody];
  return (Object.hasOwn(SETTINGS, name) ? SETTINGS[name]?.(value) : undefined) ?? [];
};
