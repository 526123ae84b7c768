/** A second look by the same session, after a red verification. */
export const repairPrompt = (command: string, note: string, output: string): string =>
  [
    `The verification of your task failed. ${note}`,
    `Command: ${command}`,
    `Its output:\n${output}`,
    'Find the cause and mend it, in your own folder. Do not weaken or delete a test to get it green. Then end with a short summary.',
  ].join('\n\n');
