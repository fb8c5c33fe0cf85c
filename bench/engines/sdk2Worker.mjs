// @ts-check
/** The official SDK 2.x in a worker behind the same link and the same worker options as our client: only the engine differs. */
import path from 'node:path';
import { launchClient } from '../../src/rpc/clientLauncher';
import { Link } from '../../src/rpc/link';

/** @typedef {{ open: { params: unknown, result: number }, list: { params: undefined, result: number },
 *   call: { params: { name: string, given: unknown }, result: unknown },
 *   close: { params: undefined, result: undefined } }} Requests */

/** @type {import('./engine.mjs').Engine} */
export const engine = {
  id: 'sdk2Worker',
  async open(place) {
    const script = path.join(__dirname, 'sdk2WorkerEntry.cjs');
    /** @type {Link<Requests, {}, object, object>} */
    const link = new Link(launchClient(script, 'thread'), {
      requests: {},
      events: {},
      onClose: () => undefined,
    });
    const pid = await link.request('open', place);
    return {
      listTools: () => link.request('list', undefined),
      call: (name, given) => link.request('call', { name, given }),
      pid: () => pid,
      async close() {
        await link.request('close', undefined);
        link.close();
      },
    };
  },
};
