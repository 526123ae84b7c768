import { expect, it } from 'vitest';
import { EndedViews } from '../../../src/application/observing/endedViews.ts';
import { JOB_ID, job, task } from '../../support/specs.ts';

const view = (status: string) => ({ job: job({ status }), tasks: [task('a')], seq: 7 });

it('only a job that has ended is remembered', () => {
  const views = new EndedViews();
  views.keep(view('running'), views.openings);
  expect(views.get(JOB_ID)).toBeUndefined();
  views.keep(view('failed'), views.openings);
  expect(views.get(JOB_ID)?.seq).toBe(7);
});

it('a job that is opened again is forgotten, also by who had read it before and keeps it after', () => {
  const views = new EndedViews();
  const before = views.openings;
  const read = view('failed');
  views.forget(JOB_ID);
  views.keep(read, before);
  expect(views.get(JOB_ID)).toBeUndefined();
});
