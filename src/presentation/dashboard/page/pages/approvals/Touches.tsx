import type { ApprovalAnswer } from '../../../../wire/approval.ts';
import { countText } from '../../ui/format.ts';
import { Shown } from '../../ui/Shown.tsx';
import { ACCESS_WORDS, GIT_WORDS, LOST_FOR_GOOD } from './words.ts';

/** Where counting stops. */
const MOST_FILES = 10_000;

const filesText = (files: number): string =>
  files >= MOST_FILES ? `${MOST_FILES.toLocaleString('en')} files or more` : countText(files, 'file');

/** The files that the call would touch, and whether git could bring them back. */
export const Touches = ({ touches }: Pick<ApprovalAnswer, 'touches'>) => (
  <section class="card approval-part" aria-labelledby="touches-title">
    <h2 id="touches-title">What it would touch</h2>
    {touches.length === 0 ? (
      <p class="quiet">No file that could be told beforehand.</p>
    ) : (
      <ul class="touches">
        {touches.map(({ path, access, exists, files, git }, at) => (
          <li key={at} class={`is-${access}`}>
            <span class="touch-access">{ACCESS_WORDS[access]}</span>
            <code>
              <Shown text={path} />
            </code>
            <span class="quiet">
              {exists ? filesText(files) : 'not there now'}
              {git === undefined ? null : (
                <span class={access === 'delete' && LOST_FOR_GOOD.has(git) ? 'touch-lost' : ''}>
                  , {GIT_WORDS[git]}
                </span>
              )}
            </span>
          </li>
        ))}
      </ul>
    )}
  </section>
);
