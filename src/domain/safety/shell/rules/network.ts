import { has, type Scan, scanOptions, valuesOf } from '../options.ts';
import { type Finding, high, type Invocation, type RuleTable, risk, script, under } from '../rule.ts';
import { hasDestructiveVerb } from '../verbs.ts';

/** Folders of a machine's own programs: what lands there runs. */
const SYSTEM_FOLDER = /^[^/]*:\/(boot|bin|sbin|lib\w*|usr|etc|root|opt|var\/spool)(\/|$)/u;
const SECRET_FILE =
  /(\.env(\.|$)|\.ssh|id_(rsa|ed25519|ecdsa)|\.pem$|\.key$|credentials|\.netrc|\.npmrc|\.aws|shadow|secrets?(\.|$|\/)|\.kube|\.gnupg|passwd|\.git-credentials)/iu;

const CURL_VALUES =
  'o d F H X T u A b c e x K w m C r E U y Y z D t Q output data data-raw data-binary data-urlencode data-ascii json form form-string header request upload-file user user-agent cookie cookie-jar referer proxy config write-out max-time connect-timeout retry retry-delay cacert cert key output-dir url resolve interface range limit-rate dump-header unix-socket';

const sends = (values: readonly string[]): readonly Finding[] =>
  values
    .flatMap((value) => /@(.+)$/u.exec(value)?.[1] ?? [])
    .filter((file) => SECRET_FILE.test(file))
    .map((): Finding => high('secret-read', 'it sends credentials over the network'));

/** Services without a DELETE method name it in the address or in a GraphQL mutation. */
const destroysByUrl = (scan: Scan, urls: readonly string[], method: readonly string[]): boolean => {
  const data = valuesOf(scan, 'd', 'data', 'data-raw', 'data-binary', 'json');
  const sent = data.length > 0 || method.some((name) => !['GET', 'HEAD'].includes(name));
  const path = (url: string): string => url.replace(/^[a-z]+:\/\/[^/]*/u, '').replace(/[?#].*$/u, '');
  const mutation = data.some((text) => /mutation\b[\s\S]*\b(delete|remove|destroy|purge)/iu.test(text));
  return mutation || (sent && urls.some((url) => path(url).split('/').slice(-2).some(hasDestructiveVerb)));
};

const curl = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(call.args, { values: CURL_VALUES });
  const outputs = valuesOf(scan, 'o', 'output').filter((path) => path !== '-');
  const remoteNames = has(scan, 'O') || scan.options.some(({ name }) => name.startsWith('remote-name'));
  const urls = [...scan.operands, ...valuesOf(scan, 'url')];
  const method = valuesOf(scan, 'X', 'request').map((value) => value.toUpperCase());
  return [
    ...outputs.map((path): Finding => ({ is: 'download', path })),
    ...(remoteNames
      ? urls.map((url): Finding => ({ is: 'download', path: url.slice(url.lastIndexOf('/') + 1) }))
      : []),
    ...valuesOf(scan, 'c', 'cookie-jar', 'D', 'dump-header').map((path): Finding => ({ is: 'write', path })),
    ...valuesOf(scan, 'K', 'config').map((path): Finding => ({ is: 'read', path })),
    ...(destroysByUrl(scan, urls, method)
      ? [high('remote-destroy', 'its address says that it deletes something')]
      : []),
    ...(method.includes('DELETE') ? [high('remote-destroy', 'it asks a service to delete something')] : []),
    ...(urls.some(
      (url) =>
        /^(file|gopher|dict|smb|telnet):/iu.test(url) || /169\.254\.169\.254|metadata\.google/u.test(url),
    )
      ? [high('network', 'it reads what is no web page')]
      : []),
    ...sends(
      valuesOf(
        scan,
        'd',
        'data',
        'data-binary',
        'data-urlencode',
        'data-ascii',
        'data-raw',
        'F',
        'form',
        'json',
      ),
    ),
    ...(pipesSecrets(call, [
      ...valuesOf(scan, 'd', 'data', 'data-binary', 'data-raw', 'F', 'form', 'T', 'upload-file'),
    ])
      ? [high('secret-read', 'it sends credentials over the network')]
      : []),
    ...valuesOf(scan, 'T', 'upload-file').map((file) =>
      SECRET_FILE.test(file)
        ? high('secret-read', 'it sends credentials over the network')
        : risk('network', 'MEDIUM', 'it uploads a file'),
    ),
    ...(has(scan, 'unix-socket') ? [high('system', 'it speaks to a local service')] : []),
  ];
};

/** `env | curl -d @-`: what comes by the pipe leaves the machine. */
const pipesSecrets = ({ stdin }: Invocation, values: readonly string[]): boolean => {
  if (stdin.kind !== 'pipe' || !values.some((value) => /(^|@)-$/u.test(value))) return false;
  const [name = '', ...args] = stdin.from?.words ?? [];
  return ['env', 'printenv', 'set', 'export'].includes(name) || args.some((arg) => SECRET_FILE.test(arg));
};

const wget = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(call.args, {
    values:
      'O o a P e i T t U w output-document output-file append-output directory-prefix execute input-file post-file post-data body-file method header user password timeout tries',
  });
  const outputs = valuesOf(scan, 'O', 'output-document').filter((path) => path !== '-');
  const folders = valuesOf(scan, 'P', 'directory-prefix');
  const named =
    outputs.length > 0 || has(scan, 'O')
      ? []
      : scan.operands.map((url) => `${folders.at(-1) ?? '.'}/${url.slice(url.lastIndexOf('/') + 1)}`);
  return [
    ...[...outputs, ...named].map((path): Finding => ({ is: 'download', path })),
    ...valuesOf(scan, 'o', 'a').map((path): Finding => ({ is: 'write', path })),
    ...sends(valuesOf(scan, 'post-file', 'body-file').map((file) => `@${file}`)),
    ...(valuesOf(scan, 'method').some((value) => value.toUpperCase() === 'DELETE')
      ? [high('remote-destroy', 'it asks a service to delete something')]
      : []),
    ...(valuesOf(scan, 'e', 'execute').length > 0 || scan.options.some(({ name }) => name === 'use-askpass')
      ? [high('inlineCode', 'it sets options that run programs')]
      : []),
  ];
};

/** Raw connections: with a program at their end, or fed from a pipe, they carry the machine away. */
const netcat = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(call.args, { values: 'p s w i q e c X x o I O exec sh-exec lua-exec' });
  if (has(scan, 'e', 'c', 'exec', 'sh-exec', 'lua-exec'))
    return [high('network', 'it hands a program to the network')];
  return call.stdin.kind === 'pipe' ? [high('network', 'it sends data to a raw connection')] : [];
};

const socat = (call: Invocation): readonly Finding[] =>
  call.args.some((arg) => /^(exec|system|shell|open|create|file|gopen)/iu.test(arg))
    ? [high('network', 'it hands programs or files to the network')]
    : [];

const copy = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(call.args, { values: 'c F i J l o P S D' });
  const target = scan.operands.at(-1) ?? '';
  const remote = /^[^/]+:/u.test(target);
  return [
    ...(remote && scan.operands.some((file) => SECRET_FILE.test(file))
      ? [high('secret-read', 'it sends credentials over the network')]
      : []),
    ...scan.operands
      .slice(0, -1)
      .filter((file) => !/^[^/]+:/u.test(file))
      .map((path): Finding => ({ is: 'read', path })),
    ...(remote ? [] : [{ is: 'write', path: target } as const]),
    ...(SYSTEM_FOLDER.test(target)
      ? [high('remote-destroy', 'it overwrites system files of another machine')]
      : []),
    ...valuesOf(scan, 'S').map(script),
  ];
};

export const NETWORK_RULES: RuleTable = {
  ...under('curl curlie', { base: 'MEDIUM', findings: curl }),
  ...under('http https xh', {
    base: 'MEDIUM',
    findings: (call) =>
      call.args.some((arg) => arg.toUpperCase() === 'DELETE')
        ? [high('remote-destroy', 'it asks a service to delete something')]
        : [],
  }),
  ...under('wget wget2', { base: 'MEDIUM', findings: wget }),
  aria2c: { base: 'MEDIUM' },
  ...under('nc ncat netcat nc.openbsd nc.traditional', { base: 'MEDIUM', findings: netcat }),
  socat: { base: 'MEDIUM', findings: socat },
  ...under('scp sftp', { base: 'MEDIUM', findings: copy }),
  ...under('telnet ftp tftp nmap masscan', { base: 'MEDIUM' }),
  ...under('ping dig host nslookup traceroute whois', { base: 'MEDIUM' }),
};
