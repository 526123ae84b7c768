const BY_ENDING: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ts: 'typescript',
    tsx: 'typescript',
    mts: 'typescript',
    cts: 'typescript',
    js: 'javascript',
    jsx: 'javascript',
    mjs: 'javascript',
    cjs: 'javascript',
    json: 'json',
    py: 'python',
    go: 'go',
    rs: 'rust',
    java: 'java',
    kt: 'java',
    c: 'cpp',
    h: 'cpp',
    cc: 'cpp',
    cpp: 'cpp',
    hpp: 'cpp',
    css: 'css',
    scss: 'css',
    html: 'xml',
    xml: 'xml',
    svg: 'xml',
    vue: 'xml',
    sh: 'bash',
    bash: 'bash',
    yml: 'yaml',
    yaml: 'yaml',
    md: 'markdown',
    sql: 'sql',
  }),
);

/** The language of a file by the ending of its name, where it is one that can be coloured. */
export const languageOf = (path: string): string | undefined =>
  BY_ENDING.get(/\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? '');
