/** Which server a command is about. */

import type { Server } from '../../host/server';
import { loadPart } from '../lateParts';
import type { UiContext } from '../uiContext';
import { serverIdOf } from './nodes';

/** The server that a row of ours names, or the one the person picks: a caller's argument only says where the choice begins. */
export async function pickServer(
  { host }: UiContext,
  argument: unknown,
  title: string,
  fits: (server: Server) => boolean,
): Promise<Server | undefined> {
  const id = serverIdOf(argument);
  if (id !== undefined) return host.server(id);
  const pick = await loadPart(async () => (await import('./serverPicker')).pickAmongServers);
  return await pick(host, argument, title, fits);
}
