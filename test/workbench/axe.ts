import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type * as Playwright from 'playwright-core';

const require = createRequire(import.meta.url);
const AXE = require.resolve('axe-core/axe.min.js');

/**
 * What axe finds wrong for people who cannot see or use all of a page, by its selector.
 * @param within selector of the part that is looked at; left out, it is the whole page
 */
export async function axeViolations(page: Playwright.Page | Playwright.Frame, within?: string): Promise<string[]> {
  await page.evaluate(readFileSync(AXE, 'utf8'));
  const part = within === undefined ? 'document' : JSON.stringify(within);
  const { violations } = await page.evaluate<AxeResults>(`axe.run(${part}, { resultTypes: ['violations'] })`);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${String(target)} ${failureSummary ?? ''}`),
  );
}
