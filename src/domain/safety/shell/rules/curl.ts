import { isAbsolute } from '../../lexicalPath.ts';
import { has, type Scan, scanOptions, valuesOf } from '../options.ts';
import { critical, type Finding, high, type Invocation, reads, writes } from '../rule.ts';
import { asksService, carriesFiles, isLocal, leaks, SECRET_FILE } from './requests.ts';
import { away, goesAway, sendsFiles, sendsInput } from './sending.ts';

const VALUES =
  'A b c C d D e E F h H K m o P Q r t T u U w x X y Y z abstract-unix-socket alt-svc aws-sigv4 cacert capath cert cert-type ciphers config connect-timeout connect-to continue-at cookie cookie-jar create-file-mode crlfile curves data data-ascii data-binary data-raw data-urlencode delegation dns-interface dns-ipv4-addr dns-ipv6-addr dns-servers doh-url dump-header ech egd-file engine etag-compare etag-save expect100-timeout form form-string ftp-account ftp-alternative-to-user ftp-method ftp-port ftp-ssl-ccc-mode happy-eyeballs-timeout-ms haproxy-clientip header hostpubmd5 hostpubsha256 hsts interface ip-tos ipfs-gateway json keepalive-cnt keepalive-time key key-type krb libcurl limit-rate local-port login-options mail-auth mail-from mail-rcpt max-filesize max-redirs max-time netrc-file noproxy oauth2-bearer output output-dir parallel-max pass pinnedpubkey preproxy proto proto-default proto-redir proxy proxy-cacert proxy-capath proxy-cert proxy-cert-type proxy-ciphers proxy-crlfile proxy-header proxy-key proxy-key-type proxy-pass proxy-pinnedpubkey proxy-service-name proxy-tls13-ciphers proxy-tlsauthtype proxy-tlspassword proxy-tlsuser proxy-user proxy1.0 pubkey quote random-file range rate referer request request-target resolve retry retry-delay retry-max-time sasl-authzid service-name socks4 socks4a socks5 socks5-gssapi-service socks5-hostname speed-limit speed-time stderr telnet-option tftp-blksize time-cond tls-max tls13-ciphers tlsauthtype tlspassword tlsuser trace trace-ascii trace-config unix-socket upload-file upload-flags url url-query user user-agent variable vlan-priority write-out';
const FLAGS =
  'anyauth append basic compressed compressed-ssh create-dirs crlf digest disable disable-eprt disable-epsv disallow-username-in-url fail fail-early fail-with-body false-start form-escape ftp-create-dirs ftp-pasv ftp-skip-pasv-ip ftp-ssl-control get globoff head help http0.9 http1.0 http1.1 http2 http2-prior-knowledge http3 http3-only ignore-content-length include insecure ipv4 ipv6 junk-session-cookies list-only location location-trusted manual metalink mptcp negotiate netrc netrc-optional next no-alpn no-buffer no-clobber no-keepalive no-npn no-progress-meter no-sessionid ntlm parallel parallel-immediate path-as-is post301 post302 post303 progress-bar proxy-anyauth proxy-basic proxy-digest proxy-http2 proxy-insecure proxy-negotiate proxy-ntlm proxytunnel raw remote-header-name remote-name remote-name-all remote-time remove-on-error retry-all-errors retry-connrefused sasl-ir show-error show-headers silent skip-existing ssl ssl-reqd styled-output suppress-connect-headers tcp-fastopen tcp-nodelay tftp-no-options tlsv1 tlsv1.0 tlsv1.1 tlsv1.2 tlsv1.3 tr-encoding trace-ids trace-time use-ascii verbose version xattr';

const LOGS = ['trace', 'trace-ascii', 'libcurl', 'stderr', 'etag-save', 'hsts', 'alt-svc'] as const;
const credentials = high('secret-read', 'it sends credentials over the network');

/** Files whose content a request carries: `@f`, `name=@f;type=…`, `name@f`. `-` is the standard input. */
const carried = (scan: Scan): readonly string[] => [
  ...valuesOf(scan, 'd', 'data', 'data-ascii', 'data-binary', 'json', 'H', 'header', 'proxy-header').flatMap(
    (value) => /^@(.+)/su.exec(value)?.[1] ?? [],
  ),
  ...valuesOf(scan, 'data-urlencode', 'url-query', 'variable').flatMap(
    (value) => /^[^=@]*@(.+)/su.exec(value)?.[1] ?? [],
  ),
  ...valuesOf(scan, 'F', 'form').flatMap((value) =>
    (/^[^=]*=[@<](.+)/su.exec(value)?.[1] ?? '')
      .split(';')
      .slice(0, 1)
      .flatMap((files) => files.split(','))
      .map((file) => file.replace(/^"(.*)"$/u, '$1')),
  ),
  ...valuesOf(scan, 'T', 'upload-file').map((file) => (file === '.' ? '-' : file)),
];

/** Another way than the address says: its end decides where the request goes. */
const detours = (scan: Scan): readonly string[] => [
  ...valuesOf(
    scan,
    'x',
    'proxy',
    'preproxy',
    'proxy1.0',
    'socks4',
    'socks4a',
    'socks5',
    'socks5-hostname',
  ).filter((place) => !isLocal(place)),
  ...valuesOf(scan, 'resolve', 'connect-to').filter(
    (place) => !/:(127(\.\d+){3}|\[?::1\]?|localhost)(:\d*)?$/iu.test(place),
  ),
];

/** What it writes besides the page: journals, jars, and where `-w` opens a file. */
const journals = (scan: Scan): readonly string[] => [
  ...valuesOf(scan, 'c', 'cookie-jar', 'D', 'dump-header', ...LOGS).filter(
    (path) => path !== '-' && path !== '%',
  ),
  ...valuesOf(scan, 'w', 'write-out').flatMap((format) =>
    [...format.matchAll(/%output\{(?:>>)?([^}]*)\}/gu)].map(([, path = '']) => path),
  ),
];

const downloads = (scan: Scan, urls: readonly string[]): readonly Finding[] => {
  const folder = valuesOf(scan, 'output-dir').at(-1);
  const inFolder = (path: string): string =>
    folder === undefined || isAbsolute(path) ? path : `${folder}/${path}`;
  const byName = has(scan, 'O') || scan.options.some(({ name }) => name.startsWith('remote-name'));
  return [
    ...valuesOf(scan, 'o', 'output').filter((path) => path !== '-'),
    ...(byName ? urls.map((url) => url.replace(/[?#\u0003].*$/u, '').replace(/^.*\//u, '') || '.') : []),
  ].map((path): Finding => ({ is: 'download', path: inFolder(path) }));
};

/** `env | curl -d @-`: what comes by the pipe leaves the machine. */
const pipesSecrets = ({ stdin }: Invocation): boolean => {
  if (stdin.kind !== 'pipe') return false;
  const [name = '', ...args] = stdin.from?.words ?? [];
  return ['env', 'printenv', 'set', 'export'].includes(name) || args.some((arg) => SECRET_FILE.test(arg));
};

/** Requests of curl: what they write here, what of files they carry, and where to. */
export const curl = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(
    call.args.map((arg) => arg.replace(/^--expand-/u, '--')),
    { values: VALUES, flags: FLAGS },
  );
  const urls = [...scan.operands, ...valuesOf(scan, 'url')];
  const files = carried(scan);
  const places = [...urls, ...detours(scan)];
  const method = valuesOf(scan, 'X', 'request').map((value) => value.toUpperCase());
  const options = valuesOf(scan, 'K', 'config');
  return [
    ...downloads(scan, urls),
    ...writes(journals(scan)),
    ...reads([
      ...options,
      ...valuesOf(scan, 'E', 'cert', 'key', 'cacert', 'netrc-file', 'etag-compare', 'proxy-key'),
      ...valuesOf(scan, 'b', 'cookie').filter((value) => !value.includes('=')),
      ...valuesOf(scan, 'w', 'write-out', 'url').flatMap((value) => /^@(.+)/u.exec(value)?.[1] ?? []),
    ]),
    ...(options.length > 0
      ? [high('inline-code', 'it takes options from a file, which may write anywhere')]
      : []),
    ...asksService(
      urls,
      method,
      valuesOf(scan, 'd', 'data', 'data-raw', 'data-binary', 'data-ascii', 'data-urlencode', 'json'),
    ),
    ...leaks(call.span),
    ...(carriesFiles(call.span) && goesAway(places) ? [away] : []),
    ...(urls.some(
      (url) =>
        /^(file|gopher|dict|smb|telnet):/iu.test(url) || /169\.254\.169\.254|metadata\.google/u.test(url),
    )
      ? [high('network', 'it reads what is no web page')]
      : []),
    ...(valuesOf(scan, 'Q', 'quote').some((text) => /^[-+*]*(dele|rmd|rm|rmdir|rnto|rename)\b/iu.test(text))
      ? [critical('remote-destroy', 'it deletes files on another machine')]
      : []),
    ...(files.some((file) => SECRET_FILE.test(file)) ? [credentials] : []),
    ...sendsFiles(
      files.filter((file) => file !== '-'),
      places,
    ),
    ...(files.includes('-') ? sendsInput(call, places) : []),
    ...(files.includes('-') && pipesSecrets(call) ? [credentials] : []),
    ...(has(scan, 'unix-socket') ? [high('system', 'it speaks to a local service')] : []),
  ];
};
