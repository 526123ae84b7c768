import { useState } from 'preact/hooks';
import { shorten } from '../model/format.ts';

const SHORT = 160;

/** The request: its beginning as the page's title, and all of it where it is longer. */
export const RequestText = ({ request }: { readonly request: string }) => {
  const [whole, setWhole] = useState(false);
  const line = request.trim().replaceAll(/\s+/g, ' ');
  const short = shorten(line, SHORT);
  const more = short !== request.trim();
  return (
    <div class="job-request">
      <h1>{short}</h1>
      {whole && <pre class="job-text">{request}</pre>}
      {more && (
        <button type="button" class="job-link" aria-expanded={whole} onClick={() => setWhole(!whole)}>
          {whole ? 'Show less' : 'Show the whole request'}
        </button>
      )}
    </div>
  );
};
