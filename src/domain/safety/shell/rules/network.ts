import { has, hasExactly, scanOptions, valuesOf } from '../options.ts';
import {
  critical,
  type Finding,
  high,
  type Invocation,
  type RuleTable,
  reads,
  readsTree,
  script,
  under,
  writes,
} from '../rule.ts';
import { curl } from './curl.ts';
import { asksService, carriesFiles, leaks, runsByOption, SECRET_FILE } from './requests.ts';
import { away, goesAway, sendsFiles, sendsInput } from './sending.ts';
import { printed } from './stdinText.ts';
import { aria, wget } from './wget.ts';

/** Folders of a machine's own programs: what lands there runs. */
const SYSTEM_FOLDER = /^[^/]*:\/(boot|bin|sbin|lib\w*|usr|etc|root|opt|var\/spool)(\/|$)/u;

/**
 * Raw connections: with a program at their end, or fed from a file or a pipe, they carry the machine away.
 * One that listens hands what it is fed to whoever comes.
 */
const netcat = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(call.args, { values: 'p s w i q e c X x o I O exec sh-exec lua-exec' });
  if (has(scan, 'e', 'c', 'exec', 'sh-exec', 'lua-exec'))
    return [high('network', 'it hands a program to the network')];
  const places = has(scan, 'l', 'listen') ? [] : scan.operands.slice(0, 1);
  if (call.stdin.kind === 'pipe' && goesAway(places))
    return [high('network', 'it sends data to a raw connection')];
  return [...sendsInput(call, places), ...writes(valuesOf(scan, 'o', 'output'))];
};

/** Runtime commands of a load balancer that take its servers away. */
const DRAINS =
  /^[ \t]*(disable|shutdown|del|clear|set\s+(server|weight|maxconn)\b.*(maint|drain|\b0%?\b))/imu;

/** Ends of a connection of socat, as `host:port`. */
const CONNECTS = /^(?:tcp|udp|sctp|openssl|ssl)\d?(?:-connect|-sendto|-datagram)?:(.*)$/iu;

const socat = (call: Invocation): readonly Finding[] => {
  const text = printed(call);
  const places = call.args.flatMap((arg) => CONNECTS.exec(arg)?.[1] ?? []);
  return [
    ...(places.length > 0 ? sendsInput(call, places) : []),
    ...(call.args.some((arg) => /^(exec|system|shell|open|create|file|gopen)/iu.test(arg))
      ? [high('network', 'it hands programs or files to the network')]
      : []),
    ...(text !== undefined && DRAINS.test(text)
      ? [critical('remote-destroy', 'it takes servers out of a load balancer')]
      : []),
  ];
};

/** httpie: `name@file` and `name=@file` carry files, as does its standard input. */
const httpie = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(call.args, {
    values:
      'a auth o output A auth-type proxy timeout verify p print s style session session-read-only cert cert-key cert-key-pass default-scheme max-redirects max-headers ssl ciphers response-charset response-mime format-options boundary raw',
    flags:
      'd download c continue h headers b body v verbose f form j json m multipart S stream F follow I offline',
  });
  const [first = ''] = scan.operands;
  const method = /^[A-Z]+$/iu.test(first) && scan.operands.length > 1 ? [first.toUpperCase()] : [];
  const [url = '', ...items] = scan.operands.slice(method.length);
  const sent = method.length > 0 || items.length === 0 ? method : ['POST'];
  const files = items.flatMap((item) => /^[^=:@]*(?::?={1,2})?@(.+)$/u.exec(item)?.[1] ?? []);
  const places = [url, ...valuesOf(scan, 'proxy').map((proxy) => proxy.replace(/^\w+:(?=\w+:)/u, ''))];
  const leaves = !hasExactly(scan, 'offline');
  const named = valuesOf(scan, 'o', 'output');
  const downloads = hasExactly(scan, 'd', 'download') && named.length === 0;
  return [
    ...[...named, ...(downloads ? [url.replace(/^.*\//u, '') || '.'] : [])].map(
      (path): Finding => ({ is: 'download', path }),
    ),
    ...writes(valuesOf(scan, 'session').filter((name) => name.includes('/'))),
    ...reads(valuesOf(scan, 'cert', 'cert-key')),
    ...asksService([url], sent, items),
    ...(files.some((file) => SECRET_FILE.test(file))
      ? [high('secret-read', 'it sends credentials over the network')]
      : []),
    ...(leaves ? [...sendsFiles(files, places), ...sendsInput(call, places)] : reads(files)),
    ...leaks(call.span),
  ];
};

/** Commands of lftp that send files, run programs or delete. */
const lftp = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(call.args, { values: 'e c f u p s' });
  const texts = [...valuesOf(scan, 'e', 'c'), printed(call) ?? ''];
  const files = valuesOf(scan, 'f');
  const acts = texts.some((text) =>
    /(^|[;&|\n])\s*(put|mput|mirror\b[^;\n]*\s(-\w*R|--reverse)|rm|mrm|rmdir|mv|!|shell|source)\b|!/u.test(
      text,
    ),
  );
  return [
    ...(acts || files.length > 0 || call.stdin.kind === 'pipe'
      ? [high('network', 'it may send files, delete some or run programs')]
      : []),
    ...reads(files),
  ];
};

/** A folder of this machine, or of another one (`host:path`, `scp://host/path`). */
const isRemote = (path: string): boolean => /^[^/]+:/u.test(path);
const hostOf = (path: string): string => path.replace(/^\w+:\/\//u, '').replace(/(?<=[^[]):.*$|\/.*$/u, '');

const copy = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(call.args, {
    values: 'c F i J l o P S D b B R s X',
    flags: 'r p q v C 3 4 6 A a f N O T',
  });
  const batches = valuesOf(scan, 'b');
  const batch = printed(call) ?? '';
  const target = scan.operands.at(-1) ?? '';
  const sends = call.name === 'sftp';
  const remote = !sends && isRemote(target);
  const sources = sends ? [] : scan.operands.slice(0, -1).filter((file) => !isRemote(file));
  // Of a batch in a file nobody has read what it sends.
  const puts =
    sends &&
    (batches.some((file) => file !== '-') ||
      /^\s*-?(m?put|reput|!)/imu.test(batch) ||
      (call.stdin.kind === 'pipe' && printed(call) === undefined));
  return [
    ...(remote && scan.operands.some((file) => SECRET_FILE.test(file))
      ? [high('secret-read', 'it sends credentials over the network')]
      : []),
    ...readsTree(sources, has(scan, 'r')),
    ...(remote ? sendsFiles(sources, [hostOf(target)]) : sends ? [] : writes([target])),
    ...(puts ? [high('network', 'it sends files to another machine, or runs programs')] : []),
    ...reads(batches),
    ...(SYSTEM_FOLDER.test(target)
      ? [critical('remote-destroy', 'it overwrites system files of another machine')]
      : []),
    ...(sends && /^\s*-?(rm|rmdir|rename)\b/mu.test(batch)
      ? [critical('remote-destroy', 'it deletes files on another machine')]
      : []),
    ...valuesOf(scan, 'S', 'D').map(script),
    ...runsByOption(valuesOf(scan, 'o')).map(script),
  ];
};

export const NETWORK_RULES: RuleTable = {
  ...under('curl curlie', { base: 'MEDIUM', findings: curl }),
  ...under('http https xh xhs', { base: 'MEDIUM', findings: httpie }),
  ...under('wget wget2', { base: 'MEDIUM', findings: wget }),
  aria2c: { base: 'MEDIUM', findings: aria },
  ...under('nc ncat netcat nc.openbsd nc.traditional', { base: 'MEDIUM', findings: netcat }),
  socat: { base: 'MEDIUM', findings: socat },
  ...under('scp sftp', { base: 'MEDIUM', findings: copy }),
  ...under('telnet ftp tftp ncftp', {
    base: 'MEDIUM',
    findings: (call) => sendsInput(call, scanOptions(call.args).operands.slice(0, 1)),
  }),
  ...under('nmap masscan', { base: 'MEDIUM' }),
  lftp: { base: 'MEDIUM', findings: lftp },
  ...under('ncftpput pastebinit wormhole croc ffsend transfer.sh sprunge', {
    base: 'MEDIUM',
    findings: (call) => [
      ...sendsFiles(
        scanOptions(call.args).operands.filter((word) => !/^(send|upload|tx)$/u.test(word)),
        [],
      ),
      ...sendsInput(call, []),
    ],
  }),
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
    findings: (call) => [...leaks(call.span), ...(carriesFiles(call.span, true) ? [away] : [])],
  }),
};
