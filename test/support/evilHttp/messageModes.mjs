// Modes that misbehave with what they say: messages, streams and floods (T044 to T060, T077, T078, T102).
import { act, event, flood, JSON_TYPE, later, MIB, result, SSE, state, text, TOOLS } from './kit.mjs';

export const messageModes = {
  // Tricks on streams (T077).
  crossed: {
    on: {
      act: (x) => {
        state.held = x;
        x.response.writeHead(200, SSE).flushHeaders();
      },
      late: (x) => {
        x.response.writeHead(200, SSE);
        event(x, { id: state.held.id, result: text('for the other') });
        event(x, { id: x.id, result: text('for this one') });
        x.response.end();
      },
      again: (x) => {
        event(state.held, { id: state.held.id, result: text('twice') });
        state.held.response.end();
        result(x, text('said again'));
      },
    },
  },
  replays: act((x) => {
    x.response.writeHead(200, SSE);
    for (let round = 0; round < 3; round++) event(x, { id: x.id, result: text('once') }, 'id: 7\n');
    x.response.end();
  }),
  oddEvents: act((x) => {
    const answer = JSON.stringify({ jsonrpc: '2.0', id: x.id, result: text('read') });
    x.response
      .writeHead(200, SSE)
      .end(
        `event: weird\rdata: {"jsonrpc":"2.0","id":${x.id},"result":"not this"}\r\rdata: {}{}\r\rdata: ${answer}\r\r`,
      );
  }),
  listenCloses: {
    modern: true,
    on: {
      'server/discover': (x) =>
        result(x, { supportedVersions: ['2026-07-28'], capabilities: { tools: { listChanged: true } } }),
      'subscriptions/listen': (x) => x.response.writeHead(200, SSE).end(),
    },
  },
  // Two accounts at one address (T078).
  accounts: {
    modern: true,
    on: {
      'tools/list': (x) =>
        result(x, {
          ttlMs: 600_000,
          cacheScope: 'public',
          tools: [{ ...TOOLS[0], name: `of-${x.request.headers['x-account']}` }],
        }),
    },
  },
  // What stdio has as well (T044 to T060).
  noise: act((x) => x.response.writeHead(200, JSON_TYPE).end('npm WARN hello')),
  bom: act((x) =>
    x.response
      .writeHead(200, JSON_TYPE)
      .end(`\ufeff${JSON.stringify({ jsonrpc: '2.0', id: x.id, result: text('with a mark') })}`),
  ),
  utf16: act((x) =>
    x.response
      .writeHead(200, JSON_TYPE)
      .end(Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: x.id, result: text('wide') }), 'utf16le')),
  ),
  invalidUtf8: act((x) =>
    x.response
      .writeHead(200, JSON_TYPE)
      .end(
        Buffer.from(
          `{"jsonrpc":"2.0","id":${x.id},"result":{"content":[{"type":"text","text":"\xff\xfe"}]}}`,
          'latin1',
        ),
      ),
  ),
  deep: act((x) =>
    x.response
      .writeHead(200, JSON_TYPE)
      .end(`{"jsonrpc":"2.0","id":${x.id},"result":${'['.repeat(100_000)}${']'.repeat(100_000)}}`),
  ),
  otherIds: act((x) => {
    x.response.writeHead(200, SSE);
    for (const id of [999, String(x.id), null, {}, 1e400]) event(x, { id, result: text('not this') });
    event(x, { id: x.id, result: text('this') });
    x.response.end();
  }),
  prototype: act((x) =>
    x.response
      .writeHead(200, JSON_TYPE)
      .end(
        `{"jsonrpc":"2.0","id":${x.id},"result":{"content":[],"structuredContent":{"__proto__":{"polluted":1}},"__proto__":{"isError":true,"polluted":1},"constructor":{"prototype":{"polluted":1}}}}`,
      ),
  ),
  changesFlood: flood([
    { method: 'notifications/tools/list_changed' },
    { method: 'notifications/prompts/list_changed' },
  ]),
  logFlood: flood([
    { method: 'notifications/message', params: { level: '__proto__', data: 'x'.repeat(100) } },
    { method: 'notifications/progress', params: { progressToken: 1, progress: -1 } },
    { method: 'notifications/resources/updated', params: { uri: 'a:b' } },
  ]),
  requestFlood: flood([
    { id: 'r', method: 'ping' },
    { id: 's', method: 'roots/list' },
    { id: 't', method: 'sampling/createMessage', params: {} },
    { id: 'u', method: 'unknown' },
  ]),
  progressForEver: act(async (x) => {
    x.response.writeHead(200, SSE);
    for (let progress = 1; !x.response.destroyed; progress++) {
      event(x, {
        method: 'notifications/progress',
        params: { progressToken: x.params._meta?.progressToken, progress },
      });
      await later(100);
    }
  }),
  lies: {
    on: {
      initialize: (x) =>
        result(x, {
          protocolVersion: '9999-01-01',
          capabilities: { tools: true },
          serverInfo: { name: 'x'.repeat(MIB) },
          instructions: 'x'.repeat(5 * MIB),
        }),
    },
  },
  endlessPages: { on: { 'tools/list': (x) => result(x, { tools: [], nextCursor: `c${++state.acted}` }) } },
};
