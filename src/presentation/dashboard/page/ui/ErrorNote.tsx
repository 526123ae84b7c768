import { ProblemError } from '../data/http.ts';
import { Note } from './Note.tsx';

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** An error: what happened, what to do next, the number to ask for in the log. Draws nothing without one. */
export const ErrorNote = ({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) => {
  if (error === undefined || error === null) return null;
  const problem = error instanceof ProblemError ? error.problem : undefined;
  return (
    <Note tone="bad" title={problem?.title ?? 'Something went wrong'} role="alert">
      <p>{wordsOf(error)}</p>
      {problem === undefined ? null : <p>{problem.hint}</p>}
      {problem === undefined ? null : (
        <p class="quiet mono">
          {problem.code}
          {problem.request_id === undefined ? '' : ` · ${problem.request_id}`}
        </p>
      )}
      {onRetry === undefined ? null : (
        <button type="button" class="button small" onClick={onRetry}>
          Try again
        </button>
      )}
    </Note>
  );
};
