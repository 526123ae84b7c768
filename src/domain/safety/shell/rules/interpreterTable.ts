import type { Language } from '../language.ts';
import type { OptionSpec } from '../options.ts';

/** How an interpreter is handed its code. */
export type Interpreter = OptionSpec & {
  /** Options whose value is code. */
  readonly code: string;
  readonly language: Language;
};

/** Each interpreter with the options of its own manual. */
export const INTERPRETERS: Readonly<Record<string, Interpreter>> = {
  python: { code: 'c', values: 'c m W X Q', language: 'python', stopAtOperand: true },
  pypy: { code: 'c', values: 'c m W X', language: 'python', stopAtOperand: true },
  ipython: { code: 'c', values: 'c m', language: 'python', stopAtOperand: true },
  node: {
    code: 'e p eval print',
    values:
      'e p r C eval print require import loader experimental-loader env-file conditions input-type test-reporter test-name-pattern',
    language: 'javascript',
    stopAtOperand: true,
  },
  nodejs: {
    code: 'e p eval print',
    values: 'e p r eval print require import loader',
    language: 'javascript',
    stopAtOperand: true,
  },
  tsx: {
    code: 'e p eval print',
    values: 'e p eval print tsconfig',
    language: 'javascript',
    stopAtOperand: true,
  },
  'ts-node': {
    code: 'e p eval print',
    values: 'e p P eval print',
    language: 'javascript',
    stopAtOperand: true,
  },
  perl: { code: 'e E', values: 'e E I M m F l 0', language: 'perl', stopAtOperand: true },
  ruby: { code: 'e', values: 'e I r C F', language: 'ruby', stopAtOperand: true },
  php: { code: 'r B R E', values: 'r B R E d c f', language: 'php', stopAtOperand: true },
  lua: { code: 'e', values: 'e l', language: 'other', stopAtOperand: true },
  texlua: { code: 'e', values: 'e l', language: 'other', stopAtOperand: true },
  luajit: { code: 'e', values: 'e l', language: 'other', stopAtOperand: true },
  rscript: { code: 'e', values: 'e', language: 'other', stopAtOperand: true },
  ...Object.fromEntries(
    ['r', 'littler'].map((name) => [
      name,
      {
        code: 'e',
        values: 'e f g d file gui encoding debugger',
        language: 'other',
        stopAtOperand: true,
      } as const,
    ]),
  ),
  ...Object.fromEntries(
    ['octave', 'octave-cli'].map((name) => [
      name,
      {
        code: 'eval',
        values: 'eval p path exec-path image-path info-file',
        language: 'other',
        stopAtOperand: true,
      } as const,
    ]),
  ),
  matlab: {
    code: 'batch r',
    values: 'batch r sd logfile',
    language: 'other',
    singleDash: true,
    stopAtOperand: true,
  },
  osascript: { code: 'e', values: 'e l', language: 'other', stopAtOperand: true },
  julia: { code: 'e E eval print', values: 'e E eval print', language: 'other', stopAtOperand: true },
  elixir: { code: 'e eval', values: 'e eval', language: 'other', stopAtOperand: true },
  groovy: { code: 'e', values: 'e', language: 'other', stopAtOperand: true },
  pwsh: {
    code: 'c Command EncodedCommand e',
    values: 'c Command EncodedCommand e File f',
    language: 'other',
    singleDash: true,
    stopAtOperand: true,
  },
  powershell: {
    code: 'c Command command EncodedCommand e',
    values: 'c Command command EncodedCommand e File f',
    language: 'other',
    singleDash: true,
    stopAtOperand: true,
  },
  tclsh: { code: '', language: 'rare', stopAtOperand: true },
  wish: { code: '', language: 'rare', stopAtOperand: true },
  erl: { code: 'eval', values: 'eval s pa sname name', language: 'rare', singleDash: true },
  guile: { code: 'c', values: 'c l L s', language: 'rare', stopAtOperand: true },
  clojure: { code: 'e eval', values: 'e i m eval init main', language: 'rare', stopAtOperand: true },
  clj: { code: 'e eval', values: 'e i m eval init main', language: 'rare', stopAtOperand: true },
  bb: { code: 'e eval', values: 'e f m eval', language: 'rare', stopAtOperand: true },
  racket: { code: 'e eval', values: 'e f t l r eval', language: 'rare', stopAtOperand: true },
  sbcl: { code: 'eval', values: 'eval load', language: 'rare', stopAtOperand: true },
  swipl: { code: 'g t goal', values: 'g t f goal', language: 'rare', stopAtOperand: true },
  ghc: { code: 'e', values: 'e o package', language: 'rare' },
  runghc: { code: 'e', values: 'e', language: 'rare', stopAtOperand: true },
  ocaml: { code: 'e', values: 'e I', language: 'rare', stopAtOperand: true },
  jshell: { code: '', language: 'rare', values: 'R J C class-path startup', stopAtOperand: true },
  scala: { code: 'e', values: 'e cp classpath', language: 'rare', stopAtOperand: true },
  kotlin: { code: 'e', values: 'e cp classpath', language: 'rare', stopAtOperand: true },
  janet: { code: 'e', values: 'e l', language: 'rare', stopAtOperand: true },
};

export const BUN: Interpreter = {
  code: 'e p eval print',
  values: 'e p eval print cwd',
  language: 'javascript',
  stopAtOperand: true,
};
