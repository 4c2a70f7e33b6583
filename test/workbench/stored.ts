import assert from 'node:assert/strict';
import type * as Playwright from 'playwright-core';
import { eventually } from '../builders/eventually.ts';

/** Waits until the browser has stored something of the extension, which comes back whatever happens to the window then. */
export async function stores(page: Playwright.Page, text: string): Promise<void> {
  await eventually(async () => {
    const stored = await page.evaluate(storedStates);
    assert.ok(
      stored.some((state) => state.includes(text)),
      `${text} is in none of what is stored: ${stored.join('; ')}`,
    );
  });
}

/** What the extension keeps in the workbench's databases; runs in the browser. */
async function storedStates(): Promise<string[]> {
  const answer = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(new Error(String(request.error)));
    });
  const states: string[] = [];
  for (const { name } of await indexedDB.databases()) {
    if (name?.startsWith('vscode-web-state-db') !== true) continue;
    const database = await answer(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      const values = await answer(database.transaction(store).objectStore(store).getAll());
      states.push(...values.map(String).filter((value) => value.includes('whatIf.')));
    }
    database.close();
  }
  return states;
}
