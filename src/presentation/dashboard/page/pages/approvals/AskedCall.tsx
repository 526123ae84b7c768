import type { ApprovalAnswer } from '../../../../wire/approval.ts';
import { graveOf } from '../../../../wire/askedAbout.ts';
import { Shown } from '../../ui/Shown.tsx';
import { piecesOf } from './markRanges.ts';

/** What the request is about, first and by itself: the span, and why it is asked for. */
export const Danger = ({ reasons }: Pick<ApprovalAnswer, 'reasons'>) => {
  const grave = graveOf(reasons);
  const others = reasons.filter((reason) => !grave.includes(reason));
  return (
    <section class="card approval-part approval-danger" aria-labelledby="danger-title">
      <h2 id="danger-title">Why you are asked</h2>
      <ul>
        {grave.map((reason, at) => (
          <li key={at}>
            {reason.span === '' ? null : (
              <code class="danger-span">
                <Shown text={reason.span} />
              </code>
            )}
            <p>
              <Shown text={reason.text} /> <span class="quiet">{reason.code}</span>
            </p>
          </li>
        ))}
      </ul>
      {others.length === 0 ? null : (
        <p class="quiet">
          Also: <Shown text={others.map(({ text }) => text).join('; ')} />
        </p>
      )}
    </section>
  );
};

type CallProps = Pick<ApprovalAnswer, 'tool' | 'command' | 'reasons' | 'cwd' | 'env'>;

/** The call, every character of it to be seen, with what it is about marked inside of it. */
export const AskedCall = ({ tool, command, reasons, cwd, env }: CallProps) => {
  const added = Object.entries(env);
  return (
    <section class="card approval-part" aria-labelledby="call-title">
      <h2 id="call-title">Exactly this would run</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long command is scrolled, by keys too */}
      <section class="asked-call" tabIndex={0} aria-label={`The call of ${tool}`}>
        <pre>
          <code>
            {piecesOf(
              command,
              graveOf(reasons).map(({ span }) => span),
            ).map(({ text, isDanger }, at) =>
              isDanger ? (
                <mark key={at}>
                  <Shown text={text} />
                </mark>
              ) : (
                <Shown key={at} text={text} />
              ),
            )}
          </code>
        </pre>
      </section>
      <dl class="approval-facts">
        <dt>Tool</dt>
        <dd>
          <Shown text={tool} />
        </dd>
        <dt>In the folder</dt>
        <dd class="mono">
          <Shown text={cwd} />
        </dd>
        {added.length === 0 ? null : (
          <>
            <dt>With the environment</dt>
            <dd>
              <ul class="mono">
                {added.map(([name, value]) => (
                  <li key={name}>
                    <Shown text={`${name}=${value}`} />
                  </li>
                ))}
              </ul>
            </dd>
          </>
        )}
      </dl>
    </section>
  );
};
