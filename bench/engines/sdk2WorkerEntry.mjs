// @ts-check
/** The worker's side of SDK 2.x in a worker. */
import { ownEndOfLink } from '../../src/rpc/clientPort';
import { Link } from '../../src/rpc/link';
import { engine } from './sdk2.mjs';

/** @type {import('./engine.mjs').Session | undefined} */
let session;
const required = () => {
  if (session === undefined) throw new Error('not open');
  return session;
};
new Link(
  ownEndOfLink(),
  /** @type {any} */ ({
    requests: {
      open: async (/** @type {import('./engine.mjs').Place} */ place) => {
        session = await engine.open(place);
        return session.pid();
      },
      list: () => required().listTools(),
      call: (/** @type {{ name: string, given: Record<string, unknown> }} */ { name, given }) =>
        required().call(name, given),
      close: () => required().close(),
    },
    events: {},
    onClose: () => process.exit(0),
  }),
);
