import { isTerminal } from '../../domain/job.ts';
import type { Store } from '../ports/store.ts';
import type { ApprovalBoard } from './board/board.ts';
import { readAll } from './board/readAll.ts';
import type { DenialCircuit } from './deciding/denialCircuit.ts';
import type { ApprovalMoves } from './ending/moves.ts';

/** Takes up what an earlier process left: who is asked is asked still, but no process waits. */
export const restore = async ({
  store,
  board,
  moves,
  circuit,
}: {
  readonly store: Pick<Store, 'job' | 'approvals' | 'unfinishedJobs'>;
  readonly board: ApprovalBoard;
  readonly moves: ApprovalMoves;
  readonly circuit: DenialCircuit;
}): Promise<void> => {
  await board.load();
  for (const live of board.all()) {
    const job = await store.job(live.now.jobId);
    if (job === undefined || isTerminal(job)) await moves.cancel(live, 'the job has ended');
    else if (live.now.status === 'pending') await moves.supersede(live);
  }
  for (const { id } of await store.unfinishedJobs()) circuit.restore(id, await readAll(store, { jobId: id }));
};
