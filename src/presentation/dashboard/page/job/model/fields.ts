import type { WireEvent } from './wire.ts';

/** The fields of an event are read one by one: a newer server may send types that this page does not know. */
export const text = (event: WireEvent, field: string): string => {
  const value = event[field];
  return typeof value === 'string' ? value : '';
};

export const number = (event: WireEvent, field: string): number => {
  const value = event[field];
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
};

export type EventError = { readonly code: string; readonly message: string; readonly hint: string };

/** The error that a `task.retrying` or `task.failed` tells of. */
export const errorOf = (event: WireEvent): EventError | undefined => {
  const value = event.error;
  if (typeof value !== 'object' || value === null) return undefined;
  const part = (name: string): string => {
    const found: unknown = Reflect.get(value, name);
    return typeof found === 'string' ? found : '';
  };
  return { code: part('code'), message: part('message'), hint: part('hint') };
};
