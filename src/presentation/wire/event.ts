import type { JobEvent } from '../../domain/events.ts';
import { inertText } from './inertText.ts';
import { isoTime } from './job.ts';
import { type JsonObject, snakeObject } from './snakeCase.ts';

/** An event as it stands in `job://<id>/events`: its number, its time, its type and what the type carries. */
export const eventToWire = (event: JobEvent): JsonObject => ({
  seq: event.seq,
  at: isoTime(event.at),
  ...snakeObject(event.happening, (text) => inertText(text, 2000)),
});
