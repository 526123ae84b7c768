/** What of a tool in `tools/list` tells a model when to call it. */
export type ListedTool = {
  readonly name: string;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly inputSchema: { readonly properties?: Readonly<Record<string, unknown>> | undefined };
};

export type Score = { readonly tool: string; readonly score: number };

/** Words that say nothing about which tool is meant. */
const STOP = new Set(
  'a an and any are as at be been but by can did do does for had has have i if in is it its me my of on or our s should so t than that the them then there they this to us was we were what when where which who why will with would you your'.split(
    ' ',
  ),
);

/** Enough of a stemmer for English verbs and plurals. */
const stem = (word: string): string => {
  for (const end of ['ings', 'ing', 'ies', 'es', 'ed', 's']) {
    if (word.endsWith(end) && word.length - end.length >= 3) {
      const root = word.slice(0, -end.length);
      return root.at(-1) === root.at(-2) ? root.slice(0, -1) : root.replace(/[ey]$/, '');
    }
  }
  return word.replace(/[ey]$/, '');
};

/** The words of a text that count, without their endings. */
export const words = (text: string): readonly string[] =>
  (text.toLowerCase().match(/[a-z]+/g) ?? []).filter((word) => !STOP.has(word)).map(stem);

/** A name says more than a sentence, so its words count twice; what leads to other tools counts for those. */
const documentOf = (tool: ListedTool, names: readonly string[]): readonly string[] => {
  const others = names.filter((name) => name !== tool.name);
  const description = others.reduce((text, name) => text.replaceAll(name, ' '), tool.description ?? '');
  const title = tool.title ?? '';
  const fields = Object.keys(tool.inputSchema.properties ?? {}).join(' ');
  return words([tool.name, tool.name, title, title, description, fields].join(' ').replaceAll('_', ' '));
};

const K = 1.2;
const B = 0.5;

/** Tools for a sentence by BM25, the best first; ties in the order of the list. */
export const rankTools = (says: string, tools: readonly ListedTool[]): readonly Score[] => {
  const names = tools.map(({ name }) => name);
  const documents = tools.map((tool) => documentOf(tool, names));
  const average = documents.reduce((sum, { length }) => sum + length, 0) / Math.max(documents.length, 1);
  const asked = new Set(words(says));
  const worth = (word: string): number => {
    const holders = documents.filter((document) => document.includes(word)).length;
    return Math.log(1 + (documents.length - holders + 0.5) / (holders + 0.5));
  };
  return documents
    .map((document, at) => {
      const length = 1 - B + (B * document.length) / average;
      const score = [...asked].reduce((sum, word) => {
        const count = document.filter((other) => other === word).length;
        return sum + (worth(word) * count * (K + 1)) / (count + K * length);
      }, 0);
      return { tool: names[at] ?? '', score };
    })
    .sort((a, b) => b.score - a.score);
};
