// @ts-check
/** The official SDK 2.x in process, with its defaults. */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

/** @type {import('./engine.mjs').Engine} */
export const engine = {
  id: 'sdk2',
  async open(place) {
    const transport =
      place.kind === 'http'
        ? new StreamableHTTPClientTransport(new URL(place.url))
        : new StdioClientTransport({ command: place.command, args: [...place.args], stderr: 'ignore' });
    const client = new Client({ name: 'bench', version: '1.0.0' });
    await client.connect(transport);
    return {
      listTools: async () => (await client.listTools()).tools.length,
      call: (name, given) => client.callTool({ name, arguments: given }),
      pid: () => (transport instanceof StdioClientTransport ? (transport.pid ?? undefined) : undefined),
      close: () => client.close(),
    };
  },
};
