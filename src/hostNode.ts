/** The host and the client without an editor, for plain Node: tests, benches and the conformance driver build on it. */

export { Client } from './client/client';
export { serveClient } from './client/clientService';
export { Host } from './host/host';
export { ClientLauncher, launchClient } from './rpc/clientLauncher';
