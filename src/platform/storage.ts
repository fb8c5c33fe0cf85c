/** What outlives a window: the editor's mementos and secret store as ports. */

import type * as vscode from 'vscode';

import type { SecretsPort, StatePort } from '../host/ports';

/** A memento as a port. Nothing is ever marked for synchronisation: trust belongs to one machine (T023). */
export function mementoState(memento: vscode.Memento): StatePort {
  return {
    get: (key) => memento.get<unknown>(key),
    set: async (key, value) => await memento.update(key, value),
  };
}

/** How long the secret store may take (T157). */
const DEADLINE_MS = 10_000;

/** The secret store. A store that fails or hangs is an error, never "no secret". */
export function secretStore(secrets: vscode.SecretStorage): SecretsPort {
  return {
    onDidChange: (listener) => secrets.onDidChange(({ key }) => listener(key)),
    get: async (key) => await inTime(secrets.get(key)),
    set: async (key, value) => await inTime(secrets.store(key, value)),
    delete: async (key) => await inTime(secrets.delete(key)),
  };
}

async function inTime<T>(work: Thenable<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('The secret storage does not answer.')), DEADLINE_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
