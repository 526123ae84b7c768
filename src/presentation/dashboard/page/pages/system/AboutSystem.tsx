import type { SystemAnswer } from '../../../../wire/system.ts';
import { durationText } from '../../ui/format.ts';

/** Versions and where things are. */
export const AboutSystem = ({ system }: { readonly system: SystemAnswer }) => (
  <section aria-labelledby="about-title">
    <h2 id="about-title" class="section-title">
      About
    </h2>
    <dl class="card about">
      <dt>Version</dt>
      <dd>{system.version}</dd>
      <dt>Up for</dt>
      <dd class="number">{durationText(system.uptime_seconds * 1000)}</dd>
      <dt>Node</dt>
      <dd>{system.node}</dd>
      <dt>Claude Code</dt>
      <dd>
        {system.claude === undefined ? (
          'not found'
        ) : (
          <>
            {system.claude.version}
            <span class="quiet">, {system.claude.credentials ? 'logged in' : 'not logged in'}</span>
            <br />
            <code class="quiet">{system.claude.path}</code>
          </>
        )}
      </dd>
      <dt>API</dt>
      <dd>
        <a href="/api/docs" target="_blank" rel="noreferrer">
          Reference
        </a>
      </dd>
    </dl>
  </section>
);
