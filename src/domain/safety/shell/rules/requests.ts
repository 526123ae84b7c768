import { critical, type Finding, high } from '../rule.ts';
import { hasDestructiveVerb } from '../verbs.ts';

export const SECRET_FILE =
  /(\.env(\.|$)|\.ssh|id_(rsa|ed25519|ecdsa)|\.pem$|\.key$|credentials|\.netrc|\.npmrc|\.aws|shadow|secrets?(\.|$|\/)|\.kube|\.gnupg|passwd|\.git-credentials)/iu;

/** The host must end where the name does: `localhost.example.com` and `localhost@example.com` are others. */
const LOCAL =
  /^([a-z][\w+.-]*:\/\/)?([^/@?#\\]*@)?(localhost|([\w-]+\.)+localhost|127(\.\d+){3}|0\.0\.0\.0|\[::1\]|::1|host\.docker\.internal)(:[\d\u0000]*)?([/?#\u0003]|$)|^(:\d|\/)/iu;

/** True for an address of this machine itself. */
export const isLocal = (url: string): boolean => LOCAL.test(url);

/** Its own service on this machine may be a worker's test data: a person decides. */
const destroys = (urls: readonly string[], text: string): Finding =>
  urls.length > 0 && urls.every(isLocal) ? high('service-destroy', text) : critical('remote-destroy', text);

const pathOf = (url: string): string => url.replace(/^[a-z]+:\/\/[^/]*|^:\d+/u, '').replace(/[?#].*$/u, '');

/** Paths of services' interfaces that end something without a word of the general list. */
const ENDS = /\/(_close|_shutdown|-\/quit|quitDown|safeExit|exit|kill|shutdown)\/?$/u;

const mutates = (text: string): boolean => {
  const at = text.search(/\bmutation\b/iu);
  return at !== -1 && /\b(delete|remove|destroy|purge)/iu.test(text.slice(at));
};

/**
 * What a request does by its method, its address, or the GraphQL mutation in it: services without a DELETE
 * method name the deletion there.
 */
export const asksService = (
  urls: readonly string[],
  methods: readonly string[],
  data: readonly string[],
): readonly Finding[] => {
  const sent = data.length > 0 || methods.some((name) => !['GET', 'HEAD'].includes(name));
  const own = urls.some((url) => /\/api\/v1\/approvals(\/|\?|$)/u.test(url));
  const mutation = data.some((text) => mutates(text));
  const named =
    sent &&
    urls.some((url) => pathOf(url).split('/').slice(-2).some(hasDestructiveVerb) || ENDS.test(pathOf(url)));
  return [
    ...(own || data.some((text) => /\bapprove_operation\b/u.test(text))
      ? [critical('own-commands', "it speaks to the orchestrator's approvals")]
      : []),
    ...(methods.includes('DELETE') ? [destroys(urls, 'it asks a service to delete something')] : []),
    ...(mutation || named ? [destroys(urls, 'its address says that it deletes something')] : []),
    ...(urls.some((url) => /^([a-z]+:\/\/)?[^/]*([^\u0000-\u007f]|xn--)/iu.test(url))
      ? [high('network', 'its address holds letters that look like others')]
      : []),
  ];
};

/** `curl "u?$(cat .env)"`: what a substitution reads leaves the machine in the request. */
export const leaks = (span: string): readonly Finding[] => {
  const nested = [...span.matchAll(/\$\(([^)]*)\)?|`([^`]*)`|<\(([^)]*)\)?/gu)].map((match) => match[0]);
  return nested.some(
    (text) =>
      SECRET_FILE.test(text.replaceAll(/[)`]/gu, ' ').trim()) ||
      /[(`]\s*(env|printenv|set)\b\s*($|[)|`])/u.test(text) ||
      text.split(/[\s)`]+/u).some((word) => SECRET_FILE.test(word)),
  )
    ? [high('secret-read', 'it sends credentials over the network')]
    : [];
};

/** Programs that turn a file into text that fits into an address. */
const ENCODES =
  /[(`]\s*(base(64|32)|xxd|od|hexdump|gzip|bzip2|xz|zstd|tar|uuencode)\s+(-\S+\s+)*(?!\/dev\/)[^\s|)`\d<-]/u;
const SHOWS = /[(`]\s*(cat|head|tail|<)\s*(-\S+\s+)*(?!\/dev\/|-|<)[^\s|)`]/u;
const BODY =
  /(?:^|\s)(?:-d|--data(?:-\w+)?|--json|-F|--form)[\s=]*(?:"[^"]*|'[^']*|[^\s"']*)?(\$\([^)]*\)|`[^`]*`)/gu;

/**
 * What files hold, put into a request by a substitution: encoded for an address, or as its body.
 * @param address true where every word of the command goes to the network (`dig $(cat f).example.com`).
 */
export const carriesFiles = (span: string, address = false): boolean => {
  const nested = [...span.matchAll(/\$\([^)]*\)?|`[^`]*`/gu)].map((match) => match[0]);
  return (
    nested.some((text) => ENCODES.test(text) || (address && SHOWS.test(text))) ||
    [...span.matchAll(BODY)].some(([, text = '']) => SHOWS.test(text))
  );
};

/** Commands in the options of ssh, scp and sftp. */
export const runsByOption = (options: readonly string[]): readonly string[] =>
  options.flatMap(
    (option) => /^(?:ProxyCommand|LocalCommand|KnownHostsCommand)\s*[ =](.*)$/iu.exec(option)?.[1] ?? [],
  );
