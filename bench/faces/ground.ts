import { startScriptedApi } from '../../demo/scripted-api.ts';
import type { Ground } from '../contest/contender.ts';
import { makePlace } from '../contest/place.ts';

export type OpenGround = Ground & { [Symbol.asyncDispose](): Promise<void> };

/**
 * A place of its own and a scripted model that answers at once, where a prompt says nothing else. Disposing ends
 * the model and removes the place: dispose of what runs in it first.
 */
export const openGround = async (signal: AbortSignal): Promise<OpenGround> => {
  const place = await makePlace();
  const api = await startScriptedApi({ latencyMs: 0 });
  return {
    ...place,
    api,
    assignments: [],
    signal,
    [Symbol.asyncDispose]: async () => {
      await api.close();
      await place[Symbol.asyncDispose]();
    },
  };
};
