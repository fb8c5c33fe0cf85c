/** A person who allows everything, with a browser that nobody sees. */

import type { ConsentEntry } from '../../../src/host/consentQueue';
import type { RealHost } from './realHost';

/** Lets a browser open that nobody sees. @returns what was asked and opened */
export function browsing(real: RealHost): { readonly asked: ConsentEntry[]; readonly opened: string[] } {
  const asked: ConsentEntry[] = [];
  const opened: string[] = [];
  real.world.signIn = {
    expectRedirect: () =>
      Promise.resolve({
        uri: 'http://127.0.0.1:33999/callback',
        open: async (url) => {
          opened.push(url);
          const answer = await fetch(url, { redirect: 'manual' });
          return answer.headers.get('location') ?? undefined;
        },
        dispose: () => undefined,
      }),
  };
  real.host.consent.onDidChange((change) => {
    if (change.kind !== 'added') return;
    asked.push(change.entry);
    real.host.consent.decide(change.entry.id, { kind: 'allow-once' });
  });
  return { asked, opened };
}
