import { has, scanOptions, valuesOf } from '../options.ts';
import { type Finding, high, type Invocation, reads, script, writes } from '../rule.ts';
import { asksService, carriesFiles, leaks, SECRET_FILE } from './requests.ts';
import { away, goesAway, sendsFiles } from './sending.ts';

const VALUES =
  'O o a P e i t T U w B l Q A R D I X output-document output-file append-output directory-prefix execute input-file base config post-file post-data body-file body-data method header user user-agent password http-user http-password ftp-user ftp-password proxy-user proxy-password load-cookies save-cookies referer tries timeout wait waitretry quota level cut-dirs default-page limit-rate rejected-log warc-file warc-dedup warc-header warc-max-size warc-tempdir hsts-file certificate certificate-type private-key private-key-type ca-certificate ca-directory crl-file pinnedpubkey random-file egd-file ciphers secure-protocol bind-address dns-servers bind-dns-address prefer-family restrict-file-names local-encoding remote-encoding accept reject accept-regex reject-regex regex-type domains exclude-domains follow-tags ignore-tags include-directories exclude-directories progress read-timeout dns-timeout connect-timeout max-redirect start-pos backups compression report-speed input-metalink preferred-location metalink-index';

const nameOf = (url: string): string => url.replace(/[?#\u0003].*$/u, '').replace(/^.*\//u, '');

const unread = (text: string): Finding => high('inline-code', text);

/** Requests of wget: what they write here, what of files they carry, and where to. */
export const wget = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(call.args, { values: VALUES });
  const outputs = valuesOf(scan, 'O', 'output-document').filter((path) => path !== '-');
  const folders = valuesOf(scan, 'P', 'directory-prefix');
  const lists = valuesOf(scan, 'i', 'input-file', 'input-metalink');
  const folder = folders.at(-1) ?? '.';
  const named =
    outputs.length > 0 || has(scan, 'O') ? [] : scan.operands.map((url) => `${folder}/${nameOf(url)}`);
  const sent = valuesOf(scan, 'post-file', 'body-file');
  const options = valuesOf(scan, 'config');
  return [
    ...[...outputs, ...named].map((path): Finding => ({ is: 'download', path })),
    ...(lists.length > 0 && outputs.length === 0 ? writes([folder]) : []),
    ...writes([
      ...valuesOf(
        scan,
        'o',
        'a',
        'output-file',
        'append-output',
        'save-cookies',
        'warc-file',
        'warc-tempdir',
        'rejected-log',
        'hsts-file',
      ).filter((path) => path !== '-'),
      ...folders,
    ]),
    ...reads([
      ...lists.filter((list) => !/^(-|[a-z]+:\/\/.*)$/u.test(list)),
      ...options,
      ...valuesOf(scan, 'load-cookies', 'certificate', 'private-key', 'warc-dedup'),
    ]),
    ...(sent.some((file) => SECRET_FILE.test(file))
      ? [high('secret-read', 'it sends credentials over the network')]
      : []),
    ...sendsFiles(sent, scan.operands),
    ...asksService(
      scan.operands,
      valuesOf(scan, 'method').map((value) => value.toUpperCase()),
      valuesOf(scan, 'post-data', 'body-data'),
    ),
    ...leaks(call.span),
    ...(carriesFiles(call.span) && goesAway(scan.operands) ? [away] : []),
    ...(valuesOf(scan, 'e', 'execute').length > 0 || scan.options.some(({ name }) => name === 'use-askpass')
      ? [unread('it sets options that run programs')]
      : []),
    ...(options.length > 0 ? [unread('it takes options from a file, which may write anywhere')] : []),
  ];
};

const ARIA_VALUES =
  'd o l i c j s x k m t T S D U dir out log input-file conf-path save-session save-cookies load-cookies dht-file-path dht-file-path6 server-stat-of server-stat-if max-concurrent-downloads split max-connection-per-server min-split-size max-tries timeout retry-wait header user-agent referer http-user http-passwd ftp-user ftp-passwd all-proxy http-proxy https-proxy checksum torrent-file metalink-file select-file rpc-secret rpc-listen-port listen-port max-overall-download-limit max-download-limit max-upload-limit file-allocation log-level console-log-level summary-interval netrc-path certificate private-key ca-certificate on-download-complete on-download-start on-download-stop on-download-error on-download-pause on-bt-download-complete';

/** aria2c: its folder and name, its journals, and the commands that it starts when it is done. */
export const aria = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(call.args, { values: ARIA_VALUES });
  const folder = valuesOf(scan, 'd', 'dir').at(-1) ?? '.';
  const named = valuesOf(scan, 'o', 'out');
  const files = valuesOf(scan, 'i', 'input-file', 'conf-path');
  return [
    ...(named.length > 0 ? named : scan.operands.map(nameOf)).map(
      (name): Finding => ({ is: 'download', path: `${folder}/${name}` }),
    ),
    ...writes([
      folder,
      ...valuesOf(scan, 'l', 'log', 'save-session', 'save-cookies', 'dht-file-path', 'server-stat-of'),
    ]),
    ...reads([
      ...files,
      ...valuesOf(
        scan,
        'load-cookies',
        'T',
        'torrent-file',
        'M',
        'metalink-file',
        'netrc-path',
        'private-key',
      ),
    ]),
    ...(files.length > 0 ? [unread('it takes options from a file, which may write anywhere')] : []),
    ...scan.options.flatMap(({ name, value }) =>
      name.startsWith('on-') && value !== undefined ? [script(value)] : [],
    ),
  ];
};
