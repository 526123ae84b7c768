import { type Marker, readScript, turnsOf, withoutReminders } from './markers.ts';
import { hasToolResult, type Message, type MessagesRequest, textOf, wantsStructure } from './request.ts';

/** Answers prompts of a kind that carry no markers of ours (a conflict's resolver, the planner). */
export type Rule = { readonly match: RegExp; readonly script: string };

/** Where a request stands in its conversation, and what the script says to it. */
export type Turn = {
  /** The prompt that this request works on. */
  readonly text: string;
  readonly markers: readonly Marker[];
  /** Model answers already given to this prompt: the index of the step to play. */
  readonly round: number;
  /** Faults are counted by this, so that a wrapped or repeated prompt counts as one. */
  readonly key: string;
};

/** One thing the model says in one answer, with the thoughts before it. */
export type Step = {
  readonly name: 'text' | 'tool' | 'tools' | 'json';
  readonly argument: string;
  readonly thoughts: readonly string[];
};

const isUser = (message: Message): boolean => message.role === 'user';

/** A prompt of a person, as opposed to a tool's result with a reminder beside it. */
const isPrompt = (message: Message): boolean =>
  isUser(message) && !hasToolResult(message) && withoutReminders(textOf(message)) !== '';

const newestIndex = (messages: readonly Message[], fits: (message: Message) => boolean): number =>
  messages.findLastIndex(fits);

/** Indexes of the prompts that came after the one at `from`, each with an answer of the model before it. */
const laterPrompts = (messages: readonly Message[], from: number): readonly number[] => {
  const prompts: number[] = [];
  let answered = false;
  for (let at = from + 1; at < messages.length; at++) {
    const message = messages[at];
    if (message === undefined) break;
    if (message.role === 'assistant') answered = true;
    else if (answered && isPrompt(message)) {
      prompts.push(at);
      answered = false;
    }
  }
  return prompts;
};

/**
 * Finds the prompt that a request works on: the newest user text with markers, unless a newer prompt without any
 * came after an answer; then the script's next part (`[[next]]`) speaks, if it has one. A rule that matches the
 * newest prompt comes before both.
 */
export const turnOf = (request: MessagesRequest, rules: readonly Rule[] = []): Turn => {
  const { messages } = request;
  const answersSince = (at: number): number =>
    messages.slice(at + 1).filter((message) => message.role === 'assistant').length;
  const textAt = (at: number): string => {
    const message = messages[at];
    return message === undefined ? '' : textOf(message);
  };
  const plain = newestIndex(messages, isPrompt);
  // A copy each time: the flags g and y would make a shared one remember where it last matched.
  const rule = rules.find(({ match }) => new RegExp(match).test(textAt(plain)));
  if (rule !== undefined) {
    return {
      text: textAt(plain),
      markers: readScript(rule.script).markers,
      round: answersSince(plain),
      key: textAt(plain),
    };
  }
  const scripted = newestIndex(
    messages,
    (message) => isUser(message) && readScript(textOf(message)).markers.length > 0,
  );
  if (scripted < 0)
    return { text: textAt(plain), markers: [], round: answersSince(plain), key: textAt(plain) };
  const { markers, key } = readScript(textAt(scripted));
  const later = laterPrompts(messages, scripted);
  const at = later.at(-1) ?? scripted;
  const part = turnsOf(markers)[later.length];
  return { text: textAt(at), markers: part ?? [], round: answersSince(at), key: `${key}\0${later.length}` };
};

/**
 * The steps of a turn, thoughts put before the step that they lead to. A `json` step is meant for a request that asks
 * for structure: where a worker's prompt repeats the request that the planner answered by it, it is passed over.
 */
export const stepsOf = (markers: readonly Marker[], request: MessagesRequest): readonly Step[] => {
  const steps: Step[] = [];
  let thoughts: string[] = [];
  for (const { name, argument } of markers) {
    if (name === 'think') thoughts.push(argument);
    else if (name === 'text' || name === 'tool' || name === 'tools' || name === 'json') {
      steps.push({ name, argument, thoughts });
      thoughts = [];
    }
  }
  const others = steps.filter((step) => step.name !== 'json');
  return wantsStructure(request) || others.length === 0 ? steps : others;
};
