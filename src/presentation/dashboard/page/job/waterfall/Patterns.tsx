/** Hatchings, so that what a stretch is can be told without its colour. */
export const Patterns = () => (
  <defs>
    <pattern id="wf-verifying" width="6" height="6" patternUnits="userSpaceOnUse">
      <rect class="wf-verifying-ground" width="6" height="6" />
      <circle class="wf-verifying-ink" cx="3" cy="3" r="1.3" />
    </pattern>
    <pattern
      id="wf-repairing"
      width="6"
      height="6"
      patternUnits="userSpaceOnUse"
      patternTransform="rotate(45)"
    >
      <rect class="wf-repairing-ground" width="6" height="6" />
      <rect class="wf-repairing-ink" width="2.5" height="6" />
    </pattern>
    <pattern id="wf-asking" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">
      <rect class="wf-asking-ground" width="8" height="8" />
      <rect class="wf-asking-ink" width="3.5" height="8" />
    </pattern>
    <pattern id="wf-pause" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">
      <rect class="wf-pause-ink" width="1.5" height="5" />
    </pattern>
  </defs>
);
