import assert from 'node:assert/strict';
import type * as Playwright from 'playwright-core';
import { skipWithout } from '../builders/skip.ts';
import type { ServedPage } from './served-page.ts';
import { missingWorkbenchTool } from './tools.ts';
import { launchBrowser, type Workbench } from './workbench.ts';

/**
 * Hooks for a suite whose tests open a page each: the suite is skipped without Chromium, every page is closed, and a page
 * that could not do something fails its test.
 * @param current the page of the test that ends
 */
export function testsPages(current: () => ServedPage): void {
  before(function () {
    skipWithout(this, missingWorkbenchTool());
  });

  afterEach(async () => {
    const page = current();
    await page.close();
    assert.deepEqual(page.errors, [], 'the page says what it could not do');
  });
}

/**
 * Hooks for a suite whose tests share a workbench: the suite is skipped without Chromium, what the screen shows when a try
 * fails is kept, and the workbench is closed.
 * @param current undefined where the workbench could not be opened
 * @param missing why the suite cannot run here
 */
export function testsWorkbench(current: () => Workbench | undefined, missing = missingWorkbenchTool()): void {
  before(function () {
    skipWithout(this, missing);
  });

  afterEach(async function () {
    await current()?.screenshotOfFailure(this.currentTest);
  });

  after(() => current()?.close());
}

/**
 * Hooks for a suite whose tests open their own pages of one browser: it is skipped without Chromium.
 * @returns gives the browser, while tests run
 */
export function testsBrowser(): () => Playwright.Browser {
  let browser: Playwright.Browser;

  before(async function () {
    skipWithout(this, missingWorkbenchTool());
    browser = await launchBrowser();
  });

  after(() => browser?.close());

  return () => browser;
}
