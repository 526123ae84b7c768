import { type Finding, high, script } from '../rule.ts';

/** Variables whose value another program runs. */
const COMMANDS =
  /^(PAGER|GIT_PAGER|MANPAGER|EDITOR|VISUAL|GIT_EDITOR|GIT_SEQUENCE_EDITOR|GIT_SSH|GIT_SSH_COMMAND|GIT_EXTERNAL_DIFF|GIT_ASKPASS|SSH_ASKPASS|PROMPT_COMMAND|LESSOPEN|LESSCLOSE|BROWSER|RUSTC_WRAPPER|CARGO_BUILD_RUSTC_WRAPPER|NODE_REPL_EXTERNAL_MODULE|FZF_DEFAULT_COMMAND)$/u;
/** Variables that put foreign code into every program started after them, or lead git elsewhere. */
const INJECTORS =
  /^(LD_PRELOAD|LD_AUDIT|LD_LIBRARY_PATH|DYLD_.*|BASH_ENV|ENV|PS4|SHELLOPTS|BASHOPTS|BASH_FUNC_.*|PERL5OPT|PERL5DB|PYTHONSTARTUP|PYTHONINSPECT|RUBYOPT|JAVA_TOOL_OPTIONS|GIT_CONFIG.*|GIT_DIR|GIT_COMMON_DIR|GIT_WORK_TREE|GIT_INDEX_FILE|GIT_OBJECT_DIRECTORY|GIT_ALTERNATE_OBJECT_DIRECTORIES|GIT_NAMESPACE|GIT_TEMPLATE_DIR|GIT_EXEC_PATH)$/u;

export const assignmentFindings = (name: string, value: string): readonly Finding[] => {
  if (INJECTORS.test(name))
    return [high('environment', `it sets ${name}, by which other code runs or git works elsewhere`)];
  if (name === 'NODE_OPTIONS' && /--(require|import|loader|experimental-loader)|(^|\s)-r/u.test(value))
    return [high('environment', 'it makes every node process load other code')];
  if (/^GIT_TRACE/u.test(name) && value.startsWith('/')) return [{ is: 'write', path: value }];
  if (COMMANDS.test(name) && value !== '') return [script(value)];
  return [];
};
