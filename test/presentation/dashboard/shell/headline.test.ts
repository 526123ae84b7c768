import { describe, expect, it } from 'vitest';
import { headline, markOf, titleText } from '../../../../src/presentation/dashboard/page/shell/headline.ts';
import {
  agoText,
  bytesText,
  durationText,
  folderName,
  isoDuration,
  moneyText,
} from '../../../../src/presentation/dashboard/page/ui/format.ts';

const quiet = { approvals: 0, wants: 0, failed: 0, running: 0 };

describe('the tab', () => {
  it('tells what wants a person before what failed before what runs', () => {
    expect(headline({ ...quiet, wants: 1, failed: 3, running: 2 })).toBe(
      '1 wants you · 3 failed · 2 running',
    );
    expect(headline({ ...quiet, wants: 2 })).toBe('2 want you');
    expect(headline({ ...quiet, approvals: 3, wants: 1 })).toBe('3 to approve · 1 wants you');
    expect(headline(quiet)).toBe('All quiet');
  });

  it('names the state first, then the page, then the product', () => {
    expect(titleText({ ...quiet, running: 2 }, 'System', false)).toBe('2 running – System – Orchestrator');
    expect(titleText({ ...quiet, approvals: 1 }, 'Keys', false)).toBe('1 to approve – Keys – Orchestrator');
    expect(titleText(quiet, '', false)).toBe('Orchestrator');
    expect(titleText(undefined, 'Sign in', false)).toBe('Sign in – Orchestrator');
  });

  it('claims nothing about the jobs while the connection is lost', () => {
    expect(titleText({ ...quiet, running: 2 }, '', true)).toBe('offline – Orchestrator');
    expect(markOf({ ...quiet, wants: 1 }, true)).toBe('lost');
  });

  it('draws the icon of what matters most', () => {
    expect(markOf({ ...quiet, approvals: 1, failed: 1, running: 1 }, false)).toBe('attention');
    expect(markOf({ ...quiet, wants: 1, failed: 1, running: 1 }, false)).toBe('attention');
    expect(markOf({ ...quiet, failed: 1, running: 1 }, false)).toBe('failed');
    expect(markOf({ ...quiet, running: 1 }, false)).toBe('running');
    expect(markOf(quiet, false)).toBe('idle');
    expect(markOf(undefined, false)).toBe('idle');
  });
});

describe('figures', () => {
  it('shows durations at the precision that matters at their size', () => {
    expect([-5, 4_999, 187_000, 7_500_000, 273_600_000].map(durationText)).toEqual([
      '0s',
      '4s',
      '3m 07s',
      '2h 05m',
      '3d 4h',
    ]);
    expect(isoDuration(187_400)).toBe('PT187S');
  });

  it('tells a small cost from none', () => {
    expect([0, 0.0042, 0.03, 1.2, 1234.5].map(moneyText)).toEqual([
      '$0.00',
      '$0.0042',
      '$0.03',
      '$1.20',
      '$1,234.50',
    ]);
  });

  it('counts back from now, and names the day where that is long ago', () => {
    const now = new Date(2026, 2, 10, 12).getTime();
    const hour = 3_600_000;
    expect([0, hour / 2, 5 * hour].map((ms) => agoText(now - ms, now))).toEqual([
      'now',
      '30 min ago',
      '5 h ago',
    ]);
    expect(agoText(now - 72 * hour, now)).toBe('7 Mar');
    expect(agoText(new Date(2025, 0, 3, 12).getTime(), now)).toBe('3 Jan 2025');
  });

  it('calls a folder by its last part, on any system', () => {
    expect(['/home/ana/shop/', 'C:\\work\\shop', '/'].map(folderName)).toEqual(['shop', 'shop', '/']);
  });

  it('shows bytes in the unit that people compare', () => {
    expect([141_000_000, 1_700_000_000].map(bytesText)).toEqual(['141 MB', '1.7 GB']);
  });
});
