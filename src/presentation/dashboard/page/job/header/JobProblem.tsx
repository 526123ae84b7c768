import type { ProblemError } from '../../data/http.ts';

/** Where there is no job to show: why, and what to do. */
export const JobProblem = ({ problem }: { readonly problem: ProblemError }) => (
  <div class="job-page">
    <section class="card job-card job-problem" role="alert">
      <h1>{problem.status === 404 ? 'There is no such job' : 'The job cannot be shown'}</h1>
      <p>{problem.message}</p>
      <p>{problem.hint}</p>
      <p>
        <a href="/">All jobs</a>
      </p>
    </section>
  </div>
);
