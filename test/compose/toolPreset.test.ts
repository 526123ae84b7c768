import { expect, it } from 'vitest';
import { toolPreset } from '../../src/compose/toolPreset.ts';

it('the environment is stronger than the flag, empty is not set, and a wrong word is said', () => {
  expect(toolPreset({}, {})).toBe('full');
  expect(toolPreset({ ORCHESTRATOR_TOOLS: ' Core ' }, {})).toBe('core');
  expect(toolPreset({ ORCHESTRATOR_TOOLS: '' }, { tools: 'core' })).toBe('core');
  expect(toolPreset({ ORCHESTRATOR_TOOLS: 'full' }, { tools: 'core' })).toBe('full');
  expect(() => toolPreset({ ORCHESTRATOR_TOOLS: 'most' }, {})).toThrow(/core, full/);
});
