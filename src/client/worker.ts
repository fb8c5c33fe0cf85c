/** Entry of the client bundle (`dist/client-worker.js`): runs one client in a worker thread or, in strict mode, in a process of its own. */

import { ownEndOfLink } from '../rpc/clientPort';
import { openRemote } from '../transport/openRemote';
import { isRemote } from '../transport/remoteSpec';
import { StdioTransport } from '../transport/stdioTransport';
import { serveClient } from './clientService';

serveClient(
  ownEndOfLink(),
  (launch, onSpawned, form) =>
    isRemote(launch) ? openRemote(launch, form) : new StdioTransport({ launch, onSpawned }),
  () => process.exit(0),
);
