import { Empty } from '../ui/Empty.tsx';
import { usePageTitle } from '../ui/pageTitle.ts';

export const NotFoundPage = () => {
  usePageTitle('Not found');
  return (
    <Empty isPage title="There is no such page">
      <p>The address may be mistyped, or the job belongs to somebody else.</p>
      <a class="button" href="/">
        To the jobs
      </a>
    </Empty>
  );
};
