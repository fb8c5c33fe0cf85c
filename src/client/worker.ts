/** Entry of the client bundle (`dist/client-worker.js`): runs one client in a worker thread or, in strict mode, in a process of its own. */

import { isMainThread } from 'node:worker_threads';

import { systemClock } from '../base/clock';
import { endOwnProcess } from '../base/endOwnProcess';
import { LogRate } from '../base/logRate';
import { ownEndOfLink } from '../rpc/clientPort';
import { latePart } from '../transport/latePart';
import { isRemote } from '../transport/remoteSpec';
import { StdioTransport } from '../transport/stdioTransport';
import { serveClient } from './clientService';

// What a server writes for its log comes in two ways.
const logRate = new LogRate(systemClock);

serveClient(
  ownEndOfLink(),
  {
    logRate,
    openTransport: async (launch, onSpawned, form, authorizer) => {
      if (!isRemote(launch)) return new StdioTransport({ launch, onSpawned, logRate });
      // What HTTP and TLS take to load, in time and memory, is only spent where it is used.
      const { openRemote } = await latePart(() => import('../transport/openRemote'));
      return openRemote(launch, form, authorizer);
    },
    // Most servers never ask who we are.
    loadAuthorization: () => latePart(() => import('../authorization/authorizer')),
  },
  // In a thread this ends the thread alone.
  () => (isMainThread ? endOwnProcess() : process.exit()),
);

// Makes it a module for the bundler: of anything else it would wrap each module that this one needs, which costs 0.3 MB in every thread.
export {};
