import { has, scanOptions, valuesOf } from '../options.ts';
import {
  critical,
  type Finding,
  high,
  type Invocation,
  type RuleTable,
  risk,
  script,
  under,
} from '../rule.ts';
import { asksService, leaks, runsByOption, SECRET_FILE } from './requests.ts';
import { printed } from './stdinText.ts';

/** Folders of a machine's own programs: what lands there runs. */
const SYSTEM_FOLDER = /^[^/]*:\/(boot|bin|sbin|lib\w*|usr|etc|root|opt|var\/spool)(\/|$)/u;

const CURL_VALUES =
  'o d F H X T u A b c e x K w m C r E U y Y z D t Q output data data-raw data-binary data-urlencode data-ascii json form form-string header request upload-file user user-agent cookie cookie-jar referer proxy config write-out max-time connect-timeout retry retry-delay cacert cert key output-dir url resolve interface range limit-rate dump-header unix-socket';

const sends = (values: readonly string[]): readonly Finding[] =>
  values
    .flatMap((value) => /@(.+)$/u.exec(value)?.[1] ?? [])
    .filter((file) => SECRET_FILE.test(file))
    .map((): Finding => high('secret-read', 'it sends credentials over the network'));

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
    ...asksService(urls, method, valuesOf(scan, 'd', 'data', 'data-raw', 'data-binary', 'json')),
    ...leaks(call.span),
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
    ...asksService(
      scan.operands,
      valuesOf(scan, 'method').map((value) => value.toUpperCase()),
      valuesOf(scan, 'post-data', 'body-data'),
    ),
    ...leaks(call.span),
    ...(valuesOf(scan, 'e', 'execute').length > 0 || scan.options.some(({ name }) => name === 'use-askpass')
      ? [high('inline-code', 'it sets options that run programs')]
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

/** Runtime commands of a load balancer that take its servers away. */
const DRAINS =
  /^[ \t]*(disable|shutdown|del|clear|set\s+(server|weight|maxconn)\b.*(maint|drain|\b0%?\b))/imu;

const socat = (call: Invocation): readonly Finding[] => {
  const text = printed(call);
  return [
    ...(call.args.some((arg) => /^(exec|system|shell|open|create|file|gopen)/iu.test(arg))
      ? [high('network', 'it hands programs or files to the network')]
      : []),
    ...(text !== undefined && DRAINS.test(text)
      ? [critical('remote-destroy', 'it takes servers out of a load balancer')]
      : []),
  ];
};

const copy = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(call.args, { values: 'c F i J l o P S D b B R s X' });
  const batch = printed(call) ?? '';
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
      ? [critical('remote-destroy', 'it overwrites system files of another machine')]
      : []),
    ...(valuesOf(scan, 'b').length > 0 && /^\s*-?(rm|rmdir|rename)\b/mu.test(batch)
      ? [critical('remote-destroy', 'it deletes files on another machine')]
      : []),
    ...valuesOf(scan, 'S', 'D').map(script),
    ...runsByOption(valuesOf(scan, 'o')).map(script),
  ];
};

export const NETWORK_RULES: RuleTable = {
  ...under('curl curlie', { base: 'MEDIUM', findings: curl }),
  ...under('http https xh', {
    base: 'MEDIUM',
    findings: (call) => {
      const { operands } = scanOptions(call.args, {
        values: 'a auth o output A auth-type proxy timeout verify',
      });
      const [first = ''] = operands;
      const method = /^[A-Z]+$/iu.test(first) ? [first.toUpperCase()] : [];
      const [url = '', ...items] = operands.slice(method.length);
      const sent = method.length > 0 || items.length === 0 ? method : ['POST'];
      return [...asksService([url], sent, items), ...leaks(call.span)];
    },
  }),
  ...under('wget wget2', { base: 'MEDIUM', findings: wget }),
  aria2c: { base: 'MEDIUM' },
  ...under('nc ncat netcat nc.openbsd nc.traditional', { base: 'MEDIUM', findings: netcat }),
  socat: { base: 'MEDIUM', findings: socat },
  ...under('scp sftp', { base: 'MEDIUM', findings: copy }),
  ...under('telnet ftp tftp nmap masscan', { base: 'MEDIUM' }),
  ...under('mail mailx sendmail mutt msmtp swaks ssmtp', {
    base: 'MEDIUM',
    findings: (call) =>
      call.args.length > 0 && !/^(--help|--version|-V)$/u.test(call.args.join(' '))
        ? [high('network', 'it sends mail')]
        : [],
  }),
  nsupdate: {
    base: 'MEDIUM',
    findings: () => [critical('remote-destroy', 'it changes records of a name server')],
  },
  ...under('ping dig host nslookup traceroute whois', {
    base: 'MEDIUM',
    findings: (call) => leaks(call.span),
  }),
};
