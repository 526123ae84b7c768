import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, onTestFinished } from 'vitest';
import { chromiumPath, HOW_TO_GET_CHROMIUM } from './chromium.ts';

/** Longest that one look at the page may take to come true, milliseconds: several loaded cores' worth. */
const PATIENCE_MS = 20_000;

/** What a page did that no page of ours may do, in words; all of it empty in a good one. */
export type Misdeeds = {
  readonly dialogs: readonly string[];
  /** Requests to anyone but the server. */
  readonly foreign: readonly string[];
  /** What the content security policy kept from happening. */
  readonly violations: readonly string[];
  /** Exceptions that nobody caught. */
  readonly exceptions: readonly string[];
};
export const NO_MISDEEDS: Misdeeds = { dialogs: [], foreign: [], violations: [], exceptions: [] };

export type Opened = {
  readonly page: Page;
  readonly misdeeds: Misdeeds;
  /** Every address that was asked for, in order. */
  readonly requests: readonly string[];
};

export type OpenPage = (options?: BrowserContextOptions) => Promise<Opened>;

/** A browser window of its own (no cookie, no storage of another), watched from its first moment. */
const openIn = async (browser: Browser, options: BrowserContextOptions): Promise<Opened> => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  onTestFinished(() => context.close());
  context.setDefaultTimeout(PATIENCE_MS);
  const dialogs: string[] = [];
  const foreign: string[] = [];
  const violations: string[] = [];
  const exceptions: string[] = [];
  const requests: string[] = [];
  context.on('dialog', (dialog) => {
    dialogs.push(`${dialog.type()}: ${dialog.message()}`);
    void dialog.dismiss();
  });
  context.on('request', (request) => {
    const url = new URL(request.url());
    requests.push(request.url());
    if (!['127.0.0.1', 'localhost'].includes(url.hostname)) foreign.push(request.url());
  });
  context.on('weberror', (error) => void exceptions.push(String(error.error())));
  context.on('console', (message) => {
    if (/content security policy/i.test(message.text())) violations.push(message.text());
  });
  return {
    page: await context.newPage(),
    misdeeds: { dialogs, foreign, violations, exceptions },
    requests,
  };
};

/**
 * Tests in a real Chromium. Where there is none they are skipped, and their name says why and how to get it.
 * @param body gets what opens a page; it may be called inside of tests only.
 */
export const describeInBrowser = (name: string, body: (openPage: OpenPage) => void): void => {
  const executablePath = chromiumPath();
  if (executablePath === undefined) {
    describe.skip(`${name} (there is no browser: ${HOW_TO_GET_CHROMIUM})`, () => body(refuse));
    return;
  }
  describe(name, () => {
    let browser: Browser | undefined;
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath });
    });
    afterAll(() => browser?.close());
    body(async (options = {}) => {
      if (browser === undefined) throw new Error('the browser has not started');
      return openIn(browser, options);
    });
  });
};

const refuse: OpenPage = () => Promise.reject(new Error('there is no browser'));
