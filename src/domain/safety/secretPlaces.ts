import { GLOB, HOME } from './markers.ts';
import { mayReach } from './reach.ts';

/** What holds credentials, by its place: reading one is refused wherever the fence would let it pass. */
const SECRETS =
  /(^|\/)(\.ssh\/(?!known_hosts|config$|[^/]*\.pub$)[^/]+|\.ssh|\.aws(\/.*)?|\.gnupg(\/.*)?|\.netrc|\.pgpass|\.git-credentials|\.kube\/config|\.docker\/config\.json|\.config\/(gh|gcloud|op)(\/.*)?|\.azure(\/.*)?|\.claude(\.json|\/\.credentials\.json)|\.npmrc|\.pypirc|\.vault-token|\.password-store(\/.*)?|\.mozilla(\/.*)?|Library\/Keychains(\/.*)?)$|^\/etc\/(shadow|gshadow|sudoers|ssl\/private|ssh\/ssh_host)/iu;
/** Of those, what no project keeps: they count whatever folder they turn out to lie in. */
const ANYWHERE =
  /\/(\.ssh\/(?!known_hosts|config$|[^/]*\.pub$)[^/]+|\.aws\/credentials|\.gnupg\/[^/]+|\.claude\/\.credentials\.json)$/u;
/** Doors of the kernel: what they lead to depends on who goes through them. */
const KERNEL_DOOR =
  /^\/proc\/[^/]+\/(environ|mem|cwd|root|fd|fdinfo|maps|map_files|task)(\/|$)|^\/dev\/fd(\/|$)/u;

const AT_HOME = [
  '.ssh/id_',
  '.aws',
  '.gnupg',
  '.netrc',
  '.pgpass',
  '.git-credentials',
  '.kube/config',
  '.docker/config.json',
  '.config/gh',
  '.config/gcloud',
  '.config/op',
  '.azure',
  '.claude.json',
  '.claude/.credentials.json',
  '.npmrc',
  '.pypirc',
  '.vault-token',
  '.password-store',
  '.mozilla',
  'Library/Keychains',
].map((name) => (name.endsWith('_') ? `${name}${GLOB}` : name));
const OF_SYSTEM = [
  '/etc/shadow',
  '/etc/gshadow',
  '/etc/sudoers',
  '/etc/ssl/private',
  `/etc/ssh/ssh_host${GLOB}`,
];
const HOMES = [HOME, '/root', `/home/${GLOB}`, `/Users/${GLOB}`];

/** True for a door to what belongs to a process. @param path absolute, markers for what is not known. */
export const isKernelDoor = (path: string): boolean => KERNEL_DOOR.test(path);

/** True for a file of credentials by its name alone, where its folder is known only when it runs. */
export const isSecretAnywhere = (path: string): boolean => ANYWHERE.test(path);

/**
 * True for a place of credentials: by its name, by a pattern that may mean it, or, where all below is read, by
 * a folder that holds it.
 * @param path absolute or in the home folder, markers for what is not known.
 * @param home the worker's home, where that is known.
 */
export const isSecret = (path: string, tree: boolean, home?: string): boolean => {
  if (SECRETS.test(path)) return true;
  if (!tree && !path.includes(GLOB)) return false;
  const homes = home === undefined ? HOMES : [...HOMES, home];
  return [...OF_SYSTEM, ...homes.flatMap((at) => AT_HOME.map((name) => `${at}/${name}`))].some((place) =>
    mayReach(path, place, { tree, hidden: false }),
  );
};
