import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AuthenticationError } from '../../domain/errors/index.ts';
import { ServerUnreachableError } from '../client/errors.ts';
import type { OrchestratorApi } from '../wire/api.ts';

type Listener = Parameters<OrchestratorApi['follow']>[0];

export type ReconnectOptions = {
  /** Finds the server anew, starting it where it is gone. */
  readonly connect: () => Promise<OrchestratorApi>;
};

/** The kernel says so before a byte was sent. */
const refused = z.object({ cause: z.object({ cause: z.object({ code: z.literal('ECONNREFUSED') }) }) });

/** What a failed call says of its connection: `whole` where the failure is the call's own. */
const connectionAfter = (thrown: unknown): 'whole' | 'unsent' | 'broken' => {
  // Another server has the port by now, with a token of its own: it did nothing for us.
  if (thrown instanceof AuthenticationError) return 'unsent';
  if (!(thrown instanceof ServerUnreachableError)) return 'whole';
  return refused.safeParse(thrown).success ? 'unsent' : 'broken';
};

/**
 * The API of a server that may end between two calls (idle, replaced by a newer version, killed): a call that
 * did not reach it is made again, once, at the next one. A call that may have reached it is made again only
 * where twice is the same as once.
 */
export const reconnectingApi = ({ connect }: ReconnectOptions): OrchestratorApi => {
  let current: Promise<OrchestratorApi> | undefined;
  /** Those who follow, and how each is ended at the server it follows now. */
  const followers = new Map<Listener, () => void>();
  const open = async (): Promise<OrchestratorApi> => {
    const api = await connect();
    for (const [listener, stop] of followers) {
      stop();
      followers.set(listener, api.follow(listener));
    }
    return api;
  };
  const api = (): Promise<OrchestratorApi> => {
    current ??= open().catch((thrown: unknown) => {
      current = undefined;
      throw thrown;
    });
    return current;
  };
  /**
   * A decision: a wrong code is refused as a wrong credential is, and must not be tried twice. That the credential
   * is good is asked before.
   */
  const decision = async <T>(id: string, work: (api: OrchestratorApi) => Promise<T>): Promise<T> => {
    await call(true, (to) => to.approval(id));
    return work(await api());
  };
  const call = async <T>(repeatable: boolean, work: (api: OrchestratorApi) => Promise<T>): Promise<T> => {
    const used = await api();
    try {
      return await work(used);
    } catch (thrown) {
      const connection = connectionAfter(thrown);
      if (connection !== 'whole') current = undefined;
      if (connection === 'whole' || (connection === 'broken' && !repeatable)) throw thrown;
      return work(await api());
    }
  };

  return {
    analyze: (input) => call(true, (to) => to.analyze(input)),
    submit: (input) => {
      // With a key of its own a job that was stored before the connection broke is found and not made twice.
      const keyed = { ...input, idempotency_key: input.idempotency_key ?? `front:${randomUUID()}` };
      return call(true, (to) => to.submit(keyed));
    },
    status: (id) => call(true, (to) => to.status(id)),
    whole: (id) => call(true, (to) => to.whole(id)),
    wait: (id, seconds, watch) => {
      const until = performance.now() + seconds * 1000;
      return call(true, (to) =>
        to.wait(id, Math.max(0, Math.round(until - performance.now())) / 1000, watch),
      );
    },
    result: (id) => call(true, (to) => to.result(id)),
    list: (input) => call(true, (to) => to.list(input)),
    cancel: (input) => call(true, (to) => to.cancel(input)),
    steer: (input) => call(false, (to) => to.steer(input)),
    taskOutput: (input) => call(true, (to) => to.taskOutput(input)),
    events: (id, after, limit) => call(true, (to) => to.events(id, after, limit)),
    diff: (id) => call(true, (to) => to.diff(id)),
    approvals: (input) => call(true, (to) => to.approvals(input)),
    approval: (id) => call(true, (to) => to.approval(id)),
    decide: (input) => decision(input.approval_id, (to) => to.decide(input)),
    elicited: (input) => decision(input.approval_id, (to) => to.elicited(input)),
    health: () => call(true, (to) => to.health()),
    follow: (listener) => {
      followers.set(listener, () => {});
      api().then(
        (to) => {
          // Whoever connected in between follows already.
          const stop = followers.get(listener);
          if (stop === undefined) return;
          stop();
          followers.set(listener, to.follow(listener));
        },
        () => {},
      );
      return () => {
        followers.get(listener)?.();
        followers.delete(listener);
      };
    },
  };
};
