import { expect, test } from 'vitest';
import { type MessagesRequest, messagesRequestSchema } from '../../demo/scripted-api/request.ts';
import { type Rule, stepsOf, turnOf } from '../../demo/scripted-api/turn.ts';

const request = (messages: readonly unknown[], rest: Record<string, unknown> = {}): MessagesRequest =>
  messagesRequestSchema.parse({ messages, ...rest });
const user = (text: string) => ({ role: 'user', content: [{ type: 'text', text }] });
const says = (text: string) => ({ role: 'assistant', content: [{ type: 'text', text }] });
const result = (beside?: string) => ({
  role: 'user',
  content: [
    { type: 'tool_result', tool_use_id: 't', content: '[[text:a tool result is not a prompt]]' },
    ...(beside === undefined ? [] : [{ type: 'text', text: beside }]),
  ],
});
const next = (body: MessagesRequest, rules?: readonly Rule[]): string | undefined => {
  const turn = turnOf(body, rules);
  return stepsOf(turn.markers, body)[turn.round]?.argument;
};

test('the steps of a prompt are played one a request', () => {
  const prompt = user('[[text:a]][[text:b]]');
  expect(next(request([prompt]))).toBe('a');
  expect(next(request([prompt, says('a'), result()]))).toBe('b');
  expect(next(request([prompt, says('a'), result(), says('b'), result()]))).toBeUndefined();
});

test('the newest prompt with markers speaks, and its steps count from zero', () => {
  expect(next(request([user('[[text:old]]'), says('old'), user('[[text:new]]')]))).toBe('new');
});

test('a reminder beside a tool result is no new prompt', () => {
  const body = request([
    user('[[text:a]][[text:b]]'),
    says('a'),
    result('<system-reminder>[no markers]</system-reminder>'),
  ]);
  expect(next(body)).toBe('b');
  expect(next(request([user('[[text:a]][[text:b]]'), says('a'), result('a word beside it')]))).toBe('b');
});

test('a newer prompt without markers silences the older script', () => {
  const body = request([user('[[text:a]][[text:b]]'), says('a'), user('and what now?')]);
  expect(turnOf(body).markers).toEqual([]);
  expect(turnOf(body).text).toBe('and what now?');
});

test('after next, the script answers the following prompts: so a repair can be scripted beforehand', () => {
  const prompt = user('[[text:first]][[next]][[text:repair]][[text:done]]');
  const repair = [prompt, says('first'), user('The verification failed.')];
  expect(next(request(repair))).toBe('repair');
  expect(next(request([...repair, says('repair'), result()]))).toBe('done');
});

test('a rule answers prompts that no caller can put markers into, and comes before them', () => {
  const rules = [{ match: /merge conflict/i, script: '[[text:resolved]]' }];
  expect(next(request([user('Resolve this Merge Conflict of [[text:other]]')]), rules)).toBe('resolved');
  expect(next(request([user('[[text:other]]')]), rules)).toBe('other');
});

test('a rule with the flag g answers every time', () => {
  const rules = [{ match: /conflict/g, script: '[[text:resolved]]' }];
  const body = request([user('conflict')]);
  expect([next(body, rules), next(body, rules), next(body, rules)]).toEqual([
    'resolved',
    'resolved',
    'resolved',
  ]);
});

test('a plan that a request scripts is for the planner, not for the workers who read the request', () => {
  const prompt = [user('Goal: [[json:{"tasks":[]}]] Task: [[text:work]]')];
  expect(next(request(prompt))).toBe('work');
  expect(next(request(prompt, { tools: [{ name: 'StructuredOutput' }] }))).toBe('{"tasks":[]}');
});

test('faults of a wrapped prompt are counted by its script and not by what stands around it', () => {
  const script = '[[begin]][[status:529 x1]][[text:a]][[end]]';
  const key = (around: string) => turnOf(request([user(`${around}${script}`)])).key;
  expect(key('attempt 1 ')).toBe(key('attempt 2 '));
});

test('a prompt that is added before the first answer does not silence the script', () => {
  expect(next(request([user('[[text:a]]'), user('and be quick')]))).toBe('a');
});
