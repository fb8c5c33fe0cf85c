/** A tool that something else than a view of ours names runs only when the person says so, among all else that waits for them. */

import { cutText } from '../../protocol/cutText';
import type { ToolDefinition } from '../../protocol/model';
import type { ToolTarget } from '../items/targets';
import type { UiContext } from '../uiContext';

/** Questions of this kind that wait at once; a link or an extension that goes on beyond it is not asked about. */
const MAX_WAITING = 10;
/** Characters of a description that are kept with the question. */
const MAX_DESCRIPTION = 4_000;

/** Asks, for as long as the server runs. @returns whether the person wants the tool to run */
export async function mayRun(
  { host, settings, log }: UiContext,
  { serverId, name }: ToolTarget,
  serverName: string,
  { title, description }: ToolDefinition,
): Promise<boolean> {
  const waiting = host.consent.entries().filter(({ subject }) => subject.kind === 'tool');
  if (waiting.length >= MAX_WAITING) {
    log.warn('A tool was named from outside again and again; it was not run, and nobody is asked.');
    return false;
  }
  const over = new AbortController();
  const watching = host.onDidChange(() => {
    if (host.server(serverId)?.state.kind !== 'running') over.abort();
  });
  try {
    const outcome = await host.consent.ask(
      { serverId, serverName },
      {
        kind: 'tool',
        name,
        ...(title === undefined ? {} : { title }),
        ...(description === undefined ? {} : { description: cutText(description, MAX_DESCRIPTION) }),
      },
      { signal: over.signal, expiresAfterMs: settings.samplingExpiryMs },
    );
    return outcome.kind === 'allow-once';
  } finally {
    watching.dispose();
  }
}
