import type { JobStatus } from '../../domain/job.ts';
import type { TaskStatus } from '../../domain/task.ts';
import type { Painter } from './terminal.ts';

type Look = { readonly glyph: string; readonly style: Parameters<Painter>[0] };

/** How a task's state looks. The word stands beside it wherever the shape alone would not be understood. */
export const TASK_LOOK: Readonly<Record<TaskStatus, Look>> = {
  waiting: { glyph: '·', style: 'dim' },
  ready: { glyph: '○', style: 'dim' },
  running: { glyph: '●', style: 'cyan' },
  verifying: { glyph: '◐', style: 'cyan' },
  done: { glyph: '✓', style: 'green' },
  failed: { glyph: '✗', style: 'red' },
  skipped: { glyph: '–', style: 'yellow' },
  cancelled: { glyph: '⊘', style: 'yellow' },
};

export const JOB_STYLE: Readonly<Record<JobStatus | 'submitted', Look['style']>> = {
  submitted: 'cyan',
  planning: 'cyan',
  running: 'cyan',
  integrating: 'cyan',
  succeeded: 'green',
  failed: 'red',
  cancelled: 'yellow',
};
