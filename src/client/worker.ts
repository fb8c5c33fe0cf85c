/** Entry of the client bundle (`dist/client-worker.js`): runs one client in a worker thread or, in strict mode, in a process of its own. */

import { ownEndOfLink } from '../rpc/clientPort';
import { openRemote } from '../transport/openRemote';
import { isRemote } from '../transport/remoteSpec';
import { StdioTransport } from '../transport/stdioTransport';
import { serveClient } from './clientService';

serveClient(
  ownEndOfLink(),
  {
    openTransport: (launch, onSpawned, form, authorizer) =>
      isRemote(launch) ? openRemote(launch, form, authorizer) : new StdioTransport({ launch, onSpawned }),
    // A bundle of its own: most servers never ask who we are.
    loadAuthorization: () => import('../authorization/authorizer'),
  },
  () => process.exit(0),
);
