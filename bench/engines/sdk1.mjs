// @ts-check
/** The official SDK 1.x in process, with its defaults. */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

/** @type {import('./engine.mjs').Engine} */
export const engine = {
  id: 'sdk1',
  async open(place) {
    const transport =
      place.kind === 'http'
        ? new StreamableHTTPClientTransport(new URL(place.url))
        : new StdioClientTransport({ command: place.command, args: [...place.args], stderr: 'ignore' });
    const client = new Client({ name: 'bench', version: '1.0.0' });
    // Its own type lacks `undefined` for the session id.
    await client.connect(/** @type {any} */ (transport));
    return {
      listTools: async () => (await client.listTools()).tools.length,
      call: (name, given) => client.callTool({ name, arguments: given }),
      pid: () => (transport instanceof StdioClientTransport ? (transport.pid ?? undefined) : undefined),
      close: () => client.close(),
    };
  },
};
