import { rows } from '../../data/jobs.ts';
import type { Problems } from './draft.ts';
import { change, draft } from './keptDraft.ts';
import { TextField } from './TextField.tsx';

const APPLY = [
  { value: 'branch', words: 'Leave it on a branch', more: 'you look at it and merge it yourself' },
  { value: 'merge', words: 'Merge it into mine', more: 'only what passed verification' },
] as const;

/** Folders of earlier jobs; a shortened path leads nowhere. */
const folders = (): readonly string[] => [
  ...new Set([...rows.value.values()].map((row) => row.workspace).filter((path) => !path.endsWith('…'))),
];

export const NewJobFields = ({ problems }: { readonly problems: Problems }) => {
  const { request, workspace, verify, setup, apply, maxWorkers, budget } = draft.value;
  return (
    <>
      <TextField
        label="What is to be done"
        rows={6}
        value={request}
        onChange={(value) => change({ request: value })}
        problem={problems.get('request')}
        hint="Every worker reads it. A list of items is split without a planner."
      />
      <TextField
        label="Workspace"
        isCode
        list="folders"
        placeholder="/home/you/project"
        value={workspace}
        onChange={(value) => change({ workspace: value })}
        problem={problems.get('workspace')}
        hint="A git repository on the machine of the server."
      />
      <datalist id="folders">
        {folders().map((path) => (
          <option key={path} value={path} />
        ))}
      </datalist>
      <div class="pair">
        <TextField
          label="Verify"
          isCode
          placeholder="npm test"
          value={verify}
          onChange={(value) => change({ verify: value })}
          hint="Run on the merged result; exit 0 means good."
        />
        <TextField
          label="Set-up"
          isCode
          placeholder="npm ci"
          value={setup}
          onChange={(value) => change({ setup: value })}
          hint="Run once in each new worktree."
        />
      </div>
      <fieldset class="choices">
        <legend>What happens to the result</legend>
        <div class="pair">
          {APPLY.map((entry) => (
            <label key={entry.value} class="choice">
              <input
                type="radio"
                name="apply"
                checked={apply === entry.value}
                onChange={() => change({ apply: entry.value })}
              />
              <span>
                <strong>{entry.words}</strong>
                <br />
                <span class="quiet">{entry.more}</span>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      <div class="pair">
        <TextField
          label="Workers at most"
          isNumber
          placeholder="as many as it is worth"
          value={maxWorkers}
          onChange={(value) => change({ maxWorkers: value })}
          problem={problems.get('maxWorkers')}
        />
        <TextField
          label="Budget, USD"
          isNumber
          placeholder="none"
          value={budget}
          onChange={(value) => change({ budget: value })}
          problem={problems.get('budget')}
        />
      </div>
    </>
  );
};
