import { expect, test } from 'vitest';
import { EventHub } from '../../../src/application/observing/eventHub.ts';
import type { JobEvent } from '../../../src/domain/events.ts';
import { JOB_ID } from '../../support/specs.ts';

const event = (seq: number): JobEvent => ({
  jobId: JOB_ID,
  seq,
  at: 0,
  happening: { type: 'job.warning', message: '' },
});

test('every listener hears every event, in order, before publish returns', () => {
  const hub = new EventHub();
  const heard: string[] = [];
  hub.subscribe(({ seq }) => heard.push(`a${seq}`));
  hub.subscribe(({ seq }) => heard.push(`b${seq}`));
  hub.publish([event(1), event(2)]);
  expect(heard).toEqual(['a1', 'b1', 'a2', 'b2']);
});

test('who ended his subscription hears nothing more, also in the midst of a publish; the others do', () => {
  const hub = new EventHub();
  const heard: string[] = [];
  const end = hub.subscribe(({ seq }) => {
    heard.push(`leaving${seq}`);
    end();
    endNext();
  });
  const endNext = hub.subscribe(({ seq }) => heard.push(`next${seq}`));
  hub.subscribe(({ seq }) => heard.push(`stays${seq}`));
  hub.publish([event(1), event(2)]);
  expect(heard).toEqual(['leaving1', 'stays1', 'stays2']);
});
