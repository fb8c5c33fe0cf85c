/** What the editor keeps of a window in the browser, so that a reload finds it. It writes there every few seconds. */

import type { Page } from 'playwright-core';

/** Whether this text is in it. */
export async function remembers(page: Page, text: string): Promise<boolean> {
  return await page.evaluate(`(async () => {
    const done = (request) => new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    for (const { name } of await indexedDB.databases()) {
      const database = await done(indexedDB.open(name));
      try {
        for (const store of database.objectStoreNames)
          for (const value of await done(database.transaction(store).objectStore(store).getAll()))
            if (typeof value === 'string' && value.includes(${JSON.stringify(text)})) return true;
      } finally {
        database.close();
      }
    }
    return false;
  })()`);
}
