// @ts-check
/** The tools of the test server made with the official SDK 2.x: results of every kind, progress, and all that a server may ask back. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CLIENT_CAPABILITIES_META_KEY,
  fromJsonSchema,
  inputRequired,
  inputResponse,
} from '@modelcontextprotocol/server';

/** @typedef {{ isShared: boolean, notes: Map<string, string>, changed: (what: 'tools' | 'resources' | 'prompts') => void, updated: (uri: string) => void }} World */

/** @param {string} value */
const text = (value) => ({ content: [{ type: /** @type {const} */ ('text'), text: value }] });

/** @param {Record<string, object>} properties @param {string[]} required @returns {any} */
const input = (properties, required = []) => fromJsonSchema({ type: 'object', properties, required });

/** @param {string} words */
const modelRequest = (words) =>
  inputRequired.createMessage({
    messages: [{ role: 'user', content: { type: 'text', text: words } }],
    maxTokens: 50,
  });

/** @param {any} server @param {World} world @param {any} stateCodec */
export function addTools(server, world, stateCodec) {
  addPlainTools(server);
  addAskingTools(server, stateCodec);
  server.registerTool(
    'write_note',
    { description: 'Writes a note', inputSchema: input({ name: { type: 'string' } }, ['name']) },
    (/** @type {{ name: string }} */ { name }) => {
      const isNew = !world.notes.has(name);
      world.notes.set(name, `note ${name}, version ${isNew ? 1 : 2}`);
      world.updated(`note://${name}`);
      if (isNew) world.changed('resources');
      return text(`wrote ${name}`);
    },
  );
  const late = server.registerTool('late', { description: 'Comes later' }, () => text('here I am'));
  if (!world.notes.has('late')) late.disable();
  server.registerTool('offer_late', { description: 'One tool more' }, () => {
    world.notes.set('late', 'offered');
    if (world.isShared) world.changed('tools');
    else late.enable();
    return text('offered');
  });
}

/** @param {any} server */
function addPlainTools(server) {
  server.registerTool(
    'echo',
    {
      title: 'Echo',
      description: 'Says it again',
      inputSchema: input({ message: { type: 'string' } }, ['message']),
      annotations: { readOnlyHint: true },
    },
    (/** @type {{ message: string }} */ { message }) => text(message),
  );
  server.registerTool(
    'structured',
    {
      description: 'Answers with structured content',
      outputSchema: fromJsonSchema({
        type: 'object',
        properties: { sum: { type: 'number' }, none: { type: 'null' } },
        required: ['sum'],
      }),
    },
    () => ({
      content: [{ type: 'text', text: '{"sum":3,"none":null}' }],
      structuredContent: { sum: 3, none: null },
    }),
  );
  server.registerTool('fail', { description: 'Fails' }, () => ({ isError: true, ...text('it failed') }));
  server.registerTool(
    'count',
    {
      description: 'Reports progress and writes to the log',
      inputSchema: input({ steps: { type: 'integer' } }, ['steps']),
    },
    async (/** @type {{ steps: number }} */ { steps }, /** @type {any} */ ctx) => {
      const progressToken = ctx.mcpReq._meta?.progressToken;
      for (let progress = 1; progress <= steps; progress++) {
        await sleep(20, undefined, { signal: ctx.mcpReq.signal });
        await ctx.mcpReq.log('info', `step ${progress}`, 'count');
        const params = { progressToken, progress, total: steps, message: `step ${progress}` };
        await ctx.mcpReq.notify({ method: 'notifications/progress', params });
      }
      return text(`counted to ${steps}`);
    },
  );
  server.registerTool(
    'headers',
    {
      description: 'Wants some of its arguments as headers too',
      inputSchema: input({
        region: { type: 'string', 'x-mcp-header': 'Region' },
        count: { type: 'integer', 'x-mcp-header': 'Count' },
        where: {
          type: 'object',
          properties: { exact: { type: 'boolean', 'x-mcp-header': 'Exact' } },
        },
      }),
    },
    (/** @type {object} */ given) => text(JSON.stringify(given)),
  );
}

/** @param {any} server @param {any} stateCodec */
function addAskingTools(server, stateCodec) {
  server.registerTool(
    'ask_both',
    { description: 'Asks for a model answer and the roots in one round' },
    (/** @type {any} */ ctx) => {
      const words = inputResponse(ctx.mcpReq.inputResponses, 'words');
      const roots = inputResponse(ctx.mcpReq.inputResponses, 'roots');
      if (words.kind !== 'sampling' || roots.kind !== 'roots')
        return inputRequired({
          inputRequests: { words: modelRequest('both'), roots: inputRequired.listRoots() },
        });
      return text(
        `${JSON.stringify(words.result.content)} ${roots.roots.map((/** @type {any} */ root) => root.uri).join()}`,
      );
    },
  );
  server.registerTool(
    'ask_thrice',
    { description: 'Asks three times, one after the other, and remembers nothing itself' },
    async (/** @type {any} */ ctx) => {
      const { asked } = ctx.mcpReq.requestState() ?? { asked: 0 };
      if (asked === 3) return text('asked 3 times');
      return inputRequired({
        inputRequests: { [`round ${asked}`]: modelRequest(`question ${asked + 1}`) },
        requestState: await stateCodec.mint({ asked: asked + 1 }, ctx),
      });
    },
  );
  server.registerTool(
    'what_can_you_do',
    { description: 'Tells what the client declared' },
    (/** @type {any} */ ctx) =>
      text(
        JSON.stringify(
          ctx.mcpReq.envelope?.[CLIENT_CAPABILITIES_META_KEY] ?? server.server.getClientCapabilities() ?? {},
        ),
      ),
  );
}
