/** A subscript with a substitution in it, as text: arithmetic runs it. */
export const SUBSCRIPT = /\w\[[^\]\n]{0,200}(\$\([^)\n]{1,200}\)|`[^`\n]{1,200}`)[^\]\n]{0,200}\]/u;
