import { type Finding, high, writes } from '../rule.ts';

/** Names that mean a delete or an overwrite wherever they stand, in a string too (`fs['unlinkSync']`). */
const DELETES =
  /\b(rmtree|rm_rf|rm_r|rm_f|unlinkSync|rmSync|rmdirSync|removeSync|emptyDirSync|removedirs|remove_dir_all|remove_file|remove_entry_secure|delete_tree|rmdir|unlink|truncateSync|ftruncate|file_delete|send2trash|rimraf|remove_tree|Remove-Item|deleteDirectory|DeleteFile)\b|-rm(Sync)?\b/u;
const DELETE_CALLS =
  /(\bos\.(remove|replace|rename|truncate)|\bshutil\.move|\bos\.rename|\b(File|FileUtils|Dir|IO|Pathname)(\.|::)(delete|rm|remove|unlink|rmtree|truncate|mv)|\bfs(\.promises)?\.(rm|rename|truncate)|promises\.rm|\.(rm|unlink|rmdir|remove_tree)\s*\(|\bdelete\s*\(|\btruncate\s*\(|\bos\.Remove|\bDeno\.remove|\bfile\.remove|\bos\.execute)/u;
const RUNS =
  /\b(os\.(system|popen|exec[lv]\w*|spawn\w*|posix_spawn\w*|startfile|kill)|subprocess|commands\.getoutput|pty\.spawn|child_process|execSync|spawnSync|execFile(Sync)?|Bun\.(spawn|\$)|Deno\.(run|Command)|shell_exec|passthru|proc_open|popen|pcntl_exec|Open3|IO\.popen|Kernel\.(system|exec|spawn)|Runtime\.getRuntime|ProcessBuilder|do shell script|Invoke-Expression|iex|Start-Process|backtick|system|exec|syscall|qx)\b(?!\s*=)/u;
/** Reaching a name by a computed string: what it does cannot be read. */
const HIDDEN =
  /\b(__import__|getattr|setattr|importlib|compile|globals\(\)|__builtins__|__subclasses__|b64decode|fromCharCode|atob|eval|Function\s*\(|marshal|pickle\.loads|codecs\.decode|bytes\.fromhex|unhexlify|chr\s*\(|send\s*\(|base64|pack\s*\(|process\.binding|constructor\s*\(|Reflect\.|instance_eval|class_eval|MIME::Base64|gzinflate|str_rot13|EncodedCommand|create_function)/u;
const NETWORK =
  /\b(urllib|requests|httpx|aiohttp|socket|http\.client|ftplib|smtplib|paramiko|telnetlib|XMLHttpRequest|WebSocket|Net::HTTP|TCPSocket|open-uri|LWP|IO::Socket|HTTP::Tiny|curl_exec|fsockopen|axios|Invoke-WebRequest|DownloadString|DownloadFile)\b|\bfetch\s*\(|require\(\s*['"](node:)?(https?|net|tls|dgram|http2)['"]|from\s+['"](node:)?(https?|net|tls|dgram|http2)['"]/u;

const withoutComments = (code: string): string => code.replaceAll(/(^|\s)(#|\/\/)[^\n]*/gu, '$1');
const withoutStrings = (code: string): string =>
  code.replaceAll(
    /("""|\u0027\u0027\u0027)[\s\S]*?\1|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/gu,
    (text) => text.slice(0, 1) + text.slice(-1),
  );

/** Literal paths that the code opens for writing: the fence judges them. */
const OPENED =
  /\bopen\s*\(\s*['"]([^'"]+)['"]\s*,\s*['"][wax+]|\b(?:writeFile|appendFile|createWriteStream|copyFile|symlink|link|mkdir)(?:Sync)?\s*\(\s*['"]([^'"]+)['"]|\b(?:File|IO)\.write\s*\(\s*['"]([^'"]+)['"]|\bfile_put_contents\s*\(\s*['"]([^'"]+)['"]/gu;

/** Perl and Ruby run what stands between backticks; JavaScript's are strings with code in them. */
const BACKTICKS = /`[^`]*`/u;

/**
 * Reads code handed to an interpreter on its command line: a delete, a program start, a network call, or a
 * name hidden in data is refused; everything else is an ordinary command. The code is not parsed.
 */
export const codeFindings = (code: string): readonly Finding[] => {
  const text = withoutComments(code);
  const bare = withoutStrings(text);
  const found = (pattern: RegExp): boolean => pattern.test(text);
  const opened = [...text.matchAll(OPENED)].map(
    (match) => match.slice(1).find((path) => path !== undefined) ?? '',
  );
  return [
    ...writes(opened),
    ...(found(DELETES) || DELETE_CALLS.test(bare)
      ? [high('inlineCode', 'its inline code deletes, moves or empties files')]
      : []),
    ...(RUNS.test(bare) ||
    /child_process|subprocess/u.test(text) ||
    (BACKTICKS.test(bare) && !/=>|console\.|const |let /u.test(bare))
      ? [high('inlineCode', 'its inline code runs other programs')]
      : []),
    ...(HIDDEN.test(bare) ? [high('inlineCode', 'its inline code hides what it calls')] : []),
    ...(found(NETWORK) ? [high('inlineCode', 'its inline code opens network connections')] : []),
  ];
};
