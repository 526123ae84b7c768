import type { Language } from '../language.ts';
import { critical, type Finding, high, writes } from '../rule.ts';
import { literalPaths } from './codePaths.ts';
import { withoutQuoted } from './quoted.ts';

/** Names that mean a delete or an overwrite wherever they stand, in a string too (`fs['unlinkSync']`). */
const DELETES =
  /\b(rmtree|rm_rf|rm_r|rm_f|unlinkSync|rmSync|rmdirSync|removeSync|emptyDirSync|removedirs|remove_dir_all|remove_file|remove_entry_secure|delete_tree|rmdir|unlink|truncateSync|ftruncate|file_delete|send2trash|rimraf|remove_tree|Remove-Item|deleteDirectory|DeleteFile)\b|-rm(Sync)?\b/u;
const DELETE_CALLS =
  /(\bos\.(remove|replace|rename|truncate)|\bshutil\.move|\bos\.rename|\b(File|FileUtils|Dir|IO|Pathname)(\.|::)(delete|rm|remove|unlink|rmtree|truncate|mv)|\bfs(\.promises)?\.(rm|rename|truncate)|promises\.rm|\.(rm|unlink|rmdir|remove_tree)\s*\(|\bdelete\s*\(|\btruncate\s*\(|\bos\.Remove|\bDeno\.remove|\bfile\.remove|\bos\.execute)/u;
const RUNS =
  /\b(os\.(system|popen|exec[lv]\w*|spawn\w*|posix_spawn\w*|startfile|kill)|subprocess|commands\.getoutput|pty\.spawn|child_process|execSync|spawnSync|execFile(Sync)?|Bun\.(spawn|\$)|Deno\.(run|Command)|shell_exec|passthru|proc_open|popen|pcntl_exec|Open3|IO\.popen|Kernel\.(system|exec|spawn)|Runtime\.getRuntime|ProcessBuilder|do shell script|Invoke-Expression|iex|Start-Process|backtick|system|exec|syscall|qx)\b(?!\s*=)/u;
/** Methods of clients of services: `index.clearObjects()`, `client.delete_bucket()`. */
const SERVICE_CALLS =
  /\.(delete|destroy|drop|purge|clear|remove|wipe|truncate|terminate|flush)(?!Event|Listener|All?Listener|Child|Attribute|Class|Timeout|Interval|Immediate|Item|Prefix|Suffix|Whitespace|_?duplicates|_?na\b|_prefix|_suffix|_whitespace|_punctuation)(_\w+|[A-Z]\w*)\s*\(/u;
/** Reaching a name by a computed string: what it does cannot be read. */
const HIDDEN =
  /\b(__import__|getattr|setattr|importlib|compile|globals\(\)|__builtins__|__subclasses__|b64decode|fromCharCode|atob|eval|Function\s*\(|marshal|pickle\.loads|codecs\.decode|bytes\.fromhex|unhexlify|chr\s*\(|send\s*\(|base64|pack\s*\(|process\.binding|constructor\s*\(|Reflect\.|instance_eval|class_eval|MIME::Base64|gzinflate|str_rot13|EncodedCommand|create_function)/u;
const NETWORK =
  /\b(urllib|requests|httpx|aiohttp|socket|http\.client|ftplib|smtplib|paramiko|telnetlib|XMLHttpRequest|WebSocket|Net::HTTP|TCPSocket|open-uri|LWP|IO::Socket|(?<=use )Socket|HTTP::Tiny|curl_exec|fsockopen|axios|Invoke-WebRequest|DownloadString|DownloadFile)\b|\bfetch\s*\(|require\(\s*['"](node:)?(https?|net|tls|dgram|http2)['"]|from\s+['"](node:)?(https?|net|tls|dgram|http2)['"]/u;

const withoutComments = (code: string): string => code.replaceAll(/(^|\s)(#|\/\/)[^\n]*/gu, '$1');
const withoutStrings = (code: string): string => withoutQuoted(code, `"'`, true);

/** Literal paths that the code opens for writing: the fence judges them. */
const OPENED =
  /\bopen\s*\(\s*['"]([^'"]+)['"]\s*,\s*['"][wax+]|\b(?:writeFile|appendFile|createWriteStream|copyFile|symlink|link|mkdir)(?:Sync)?\s*\(\s*['"]([^'"]+)['"]|\b(?:File|IO)\.write\s*\(\s*['"]([^'"]+)['"]|\bfile_put_contents\s*\(\s*['"]([^'"]+)['"]|\bPath\s*\(\s*['"]([^'"]+)['"]\s*\)\.(?:write_text|write_bytes|touch|mkdir)\s*\(/gu;

/** Perl and Ruby run what stands between backticks; JavaScript's are strings with code in them. */
const BACKTICKS = /`[^`]*`/u;

/** Names reached past their module: another name for it, a computed member, its table of names. */
const SHADOWED =
  /\bimport\s+(os|shutil|subprocess|posix|nt|ctypes|pty|runpy)\s+as\b|\bfrom\s+(os|shutil|posix|nt|subprocess|pty|ctypes)\s+import\s*\(?[^;\n]*(\*|\b(remove|unlink|rmdir|removedirs|rename|replace|truncate|rmtree|move|system|popen|kill|exec\w*|spawn\w*)\b)|\b(vars\s*\(|__dict__|runpy\b|posix\.|code\.interact|runInThisContext|runInNewContext|require\(\s*['"](node:)?vm['"])|\[\s*(['"`])[^'"`\n]*\7\s*\+|\bPath\([^()]*\)\.(rename|replace)\s*\(/u;

/** What each language has for it besides, on its text with the strings. */
const OWN: Readonly<Record<Language, readonly RegExp[]>> = {
  any: [],
  python: [],
  javascript: [
    /\{[^{}]*\b(rm|rmdir|unlink|truncate|rename|rmSync|unlinkSync|exec|spawn)\b[^{}]*\}\s*(=\s*(await\s+)?(require|import)|from\b|\)\s*=>)/u,
    /\brename(Sync)?\s*\(\s*['"]|\brenameSync\b/u,
  ],
  perl: [
    /\bopen\b[^;]*["'`](\s*\||[^"'`]*\|\s*["'`]|-\|)/u,
    /\bopen\b[^;]*,\s*["'](\|-|-\|)["']/u,
    /\b(rename|truncate)\b/u,
  ],
  ruby: [/%x\W|\bopen\s*\(?\s*["']\s*\||\bspawn\b/u, /\bPathname\b[^;\n]*\.(delete|unlink|rmtree|rename)\b/u],
  php: [/\$\w+\s*\(|\brename\s*\(/u],
  other: [
    /\b(rm|unlink|remove)!?\s*\(|\bSystem\.cmd\b|\.execute\s*\(|\bfile\s+delete\b|\bto\s+delete\b|\bdelete\s+(file|folder|every|the)\b|\bFile\b[^;\n]*\.delete/u,
    /(^|[;|{&(\s])(ri|del|rd|rmdir|erase|rm|Remove-\w+|Clear-\w+|Stop-\w+)\s+[^=\s(]/u,
  ],
  // Seldom seen and never read closely: any word for it is enough.
  rare: [
    /delete|remove|unlink|\brm\b|\bsystem\b|shell|exec|run-program|\bcmd\b|command|process|spawn|popen|rename|truncate/iu,
  ],
};

/**
 * Reads code handed to an interpreter on its command line: a delete, a program start, a network call, or a
 * name hidden in data is refused; everything else is an ordinary command. The code is not parsed.
 */
export const codeFindings = (code: string, language: Language = 'any'): readonly Finding[] => {
  const text = withoutComments(code);
  const bare = withoutStrings(text)
    // A regular expression asked for its match, and one made ready, run nothing.
    .replaceAll(/\/[a-z]*\.exec\s*\(|\bre\.compile\s*\(/gu, '(')
    .replaceAll(/\bimport base64\b|\bbase64\.(b|standard_b|urlsafe_b)?(64|32|16)?encode\w*/gu, '')
    // JavaScript deletes files by other names; this is a map, a set or a request.
    .replaceAll(language === 'javascript' ? /\.delete\s*\(/gu : /(?!)/gu, '(');
  const found = (pattern: RegExp): boolean => pattern.test(text);
  const opened = [...text.matchAll(OPENED)].map(
    (match) => match.slice(1).find((path) => path !== undefined) ?? '',
  );
  return [
    ...writes(opened),
    ...literalPaths(text),
    ...(/\/api\/v1\/approvals|\bapprove_operation\b/u.test(text)
      ? [critical('own-commands', "it speaks to the orchestrator's approvals")]
      : []),
    ...(SERVICE_CALLS.test(bare)
      ? [high('inline-code', 'its inline code deletes what a service keeps')]
      : []),
    ...(found(DELETES) || DELETE_CALLS.test(bare)
      ? [high('inline-code', 'its inline code deletes, moves or empties files')]
      : []),
    ...(RUNS.test(bare) ||
    /child_process|subprocess/u.test(text) ||
    (BACKTICKS.test(bare) && !/=>|console\.|const |let /u.test(bare))
      ? [high('inline-code', 'its inline code runs other programs')]
      : []),
    ...(OWN[language].some((pattern) => pattern.test(text))
      ? [high('inline-code', 'its inline code deletes files or runs other programs')]
      : []),
    ...(HIDDEN.test(bare) || SHADOWED.test(text)
      ? [high('inline-code', 'its inline code hides what it calls')]
      : []),
    ...(found(NETWORK) ? [high('inline-code', 'its inline code opens network connections')] : []),
  ];
};
