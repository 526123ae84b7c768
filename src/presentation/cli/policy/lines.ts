/** A line of input; one that is too long is not kept. */
export type InputLine = { readonly text: string } | { readonly tooLong: true };

/** Above the judge's own limit, so that a long command is judged and not lost. */
const MOST_CHARACTERS = 4 * 1024 * 1024;

/**
 * Lines of a stream, in groups as they come: whoever sends one line and waits gets its answer. Memory is bounded
 * whatever comes.
 */
export async function* lineGroups(parts: AsyncIterable<string>): AsyncGenerator<readonly InputLine[]> {
  let rest = '';
  let skipping = false;
  for await (const part of parts) {
    const group: InputLine[] = [];
    const [first = '', ...others] = part.split('\n');
    let open = rest + first;
    for (const next of others) {
      group.push(skipping || open.length > MOST_CHARACTERS ? { tooLong: true } : { text: open });
      skipping = false;
      open = next;
    }
    if (open.length > MOST_CHARACTERS) {
      skipping = true;
      open = '';
    }
    rest = open;
    if (group.length > 0) yield group;
  }
  if (skipping) yield [{ tooLong: true }];
  else if (rest !== '') yield [{ text: rest }];
}
