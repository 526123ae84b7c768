import { actionsIn, leadingAction } from './actionWords.ts';
import { statedOrder } from './statedOrder.ts';

// What a list says of the work (conditions, evidence, examples) is no work of its own: its items become
// context for every task. Splitting "Steps to reproduce" into workers would be absurd and expensive.
const CONTEXT =
  /\b(?:constraints?|requirements?|rules|notes?|guidelines?|conventions?|acceptance|criteria|definition of done|background|context|assumptions?|examples?|e\.g|for example|such as|like (?:this|these)|reproduc\w{1,8}|repro|expected|actual|observed|symptoms?|logs?|stack ?trace|output|environment|versions?|prerequisites|non[- ]goals|out of scope|do not|don't|must not|keep in mind|remember|make sure|important|caveats?|references?|links|see also|glossary|tech(?:nical)? stack|details?|what (?:i|we) (?:tried|know|have)|hints?|questions?)\b/i;

// "Create a parser that supports:" lists the traits of one thing, whatever verb the sentence begins with.
const TRAITS =
  /\b(?:should|must|shall|can|will|has to|have to|needs to|supports?|contains?|includes?|returns?|accepts?|takes?|with|where|when|that|which|has|have|is|are)(?: be)?\s{0,2}:\W{0,4}$/i;
const OUR_DUTY = /\b(?:we|you|i|let's)\b[^.]{0,40}:\W{0,4}$/i;

const WORK =
  /\b(?:tasks?|to-?dos?|steps|following (?:things|changes|items|work)|the plan|plan:|action items|work items|checklist)\b/i;

/**
 * Does a list hold work to be done, or context for it?
 * @param intro the last line before the list, '' where there is none.
 */
export const isWork = (intro: string): boolean => {
  const line = intro.slice(-300).trim();
  if (line === '' || statedOrder(line) !== undefined) return true;
  if (/\b(?:reproduc\w{1,8}|repro)\b/i.test(line)) return false;
  if (TRAITS.test(line) && !OUR_DUTY.test(line)) return false;
  if (!CONTEXT.test(line) || WORK.test(line)) return true;
  // "Fix these errors:" asks for work; "Make sure to follow:" does not.
  const asksFor = leadingAction(line) ?? actionsIn(line, 1)[0];
  return (
    asksFor !== undefined && !/\b(?:make sure|do not|don't|must not|keep in mind|remember)\b/i.test(line)
  );
};
