// @ts-check
/**
 * The tools that ask the client back. In revision 2026-07-28 a server asks by answering `input_required`; the
 * client then sends the call again with the answers, so each of these functions runs once per round. To a client
 * of an older revision the SDK sends real requests (`sampling/createMessage`, `elicitation/create`) instead.
 */
import { fromJsonSchema, inputRequired, inputResponse } from '@modelcontextprotocol/server';
import { TRAIL_IDS, findTrail } from './notebook.mjs';
import { CONFIRM_FORM, MOOD_FORM, PLAN_FORM } from './questions.mjs';
import { askForText, canAskByForm, clientCapabilities, readForm, spokenText } from './questions.mjs';

/** @import {InputRequest, InputRequiredResult, McpServer, RequestStateCodec, ServerContext, StandardSchemaWithJSON} from '@modelcontextprotocol/server' */
/** @import {Notebook} from './notebook.mjs' */
/** @import {Plan} from './questions.mjs' */

const TRAIL = { type: 'string', title: 'Trail', description: 'Which walk', enum: TRAIL_IDS };

/** @typedef {{ trail: string }} TrailArguments */
/** @type {StandardSchemaWithJSON<TrailArguments, TrailArguments>} */
const TRAIL_INPUT = fromJsonSchema({ type: 'object', properties: { trail: TRAIL }, required: ['trail'] });

/** @typedef {{ trail: string, maxTokens?: number }} DescribeArguments */
/** @type {StandardSchemaWithJSON<DescribeArguments, DescribeArguments>} */
const DESCRIBE_INPUT = fromJsonSchema({
  type: 'object',
  properties: { trail: TRAIL, maxTokens: { type: 'integer', minimum: 1, maximum: 4000, default: 200 } },
  required: ['trail'],
});

/**
 * @param {string} value
 * @returns {{ content: [{ type: 'text', text: string }] }}
 */
const text = (value) => ({ content: [{ type: 'text', text: value }] });

/**
 * @param {McpServer} server
 * @param {Notebook} notebook
 * @param {RequestStateCodec} stateCodec signs what must survive from one round to the next
 */
export function addAskingTools(server, notebook, stateCodec) {
  addDescribeTrail(server, notebook);
  addPlanWalk(server, notebook, stateCodec);
  addTripReport(server, notebook);
  addOpenGuide(server, notebook);
}

/**
 * Sampling: the server asks for a text written by the client's model.
 * @param {McpServer} server
 * @param {Notebook} notebook
 */
function addDescribeTrail(server, notebook) {
  server.registerTool(
    'describe_trail',
    {
      title: 'Describe a trail',
      description: 'Asks your model, through sampling, to describe a walk.',
      inputSchema: DESCRIBE_INPUT,
      annotations: { readOnlyHint: true },
    },
    ({ trail, maxTokens = 200 }, ctx) => {
      notebook.record('describe_trail');
      if (clientCapabilities(server, ctx).sampling === undefined) {
        return text('This tool asks a model through the client, and your client does not offer sampling.');
      }
      const answer = inputResponse(ctx.mcpReq.inputResponses, 'description');
      if (answer.kind !== 'sampling') {
        return inputRequired({ inputRequests: { description: askForText(trail, maxTokens) } });
      }
      return text(`${spokenText(answer.result.content)}\n\n(written by ${answer.result.model})`);
    },
  );
}

/**
 * Elicitation in two rounds: a form, then a confirmation. The server remembers nothing in between: the answers to
 * the form travel through the client as signed request state.
 * @param {McpServer} server
 * @param {Notebook} notebook
 * @param {RequestStateCodec} stateCodec
 */
function addPlanWalk(server, notebook, stateCodec) {
  server.registerTool(
    'plan_walk',
    {
      title: 'Plan a walk',
      description: 'Asks you with a form, then asks you to confirm, and writes the plan into the notebook.',
      inputSchema: TRAIL_INPUT,
      annotations: { destructiveHint: false },
    },
    ({ trail }, ctx) => {
      notebook.record('plan_walk');
      if (!canAskByForm(clientCapabilities(server, ctx))) {
        return text('This tool asks you a few questions, and your client does not offer elicitation forms.');
      }
      const plan = /** @type {Plan | undefined} */ (ctx.mcpReq.requestState());
      if (plan !== undefined) return writePlan(trail, plan, notebook, stateCodec, ctx);

      const answer = readForm(ctx, 'plan', PLAN_FORM);
      if (answer.kind === 'refused') return text(`Nothing was planned: ${answer.why}.`);
      if (answer.kind === 'given') return askToConfirm(trail, answer.content, stateCodec, ctx);
      const message = `When and how do you want to walk ${findTrail(trail)?.name ?? trail}?`;
      return inputRequired({
        inputRequests: { plan: inputRequired.elicit({ message, requestedSchema: PLAN_FORM }) },
      });
    },
  );
}

/**
 * @param {string} trail
 * @param {Plan} plan
 * @param {RequestStateCodec} stateCodec
 * @param {ServerContext} ctx
 * @returns {Promise<InputRequiredResult>}
 */
async function askToConfirm(trail, plan, stateCodec, ctx) {
  const message = `Write this plan for ${trail}? ${JSON.stringify(plan)}`;
  return inputRequired({
    inputRequests: { confirm: inputRequired.elicit({ message, requestedSchema: CONFIRM_FORM }) },
    requestState: await stateCodec.mint(plan, ctx),
  });
}

/**
 * @param {string} trail
 * @param {Plan} plan
 * @param {Notebook} notebook
 * @param {RequestStateCodec} stateCodec
 * @param {ServerContext} ctx
 */
function writePlan(trail, plan, notebook, stateCodec, ctx) {
  const answer = readForm(ctx, 'confirm', CONFIRM_FORM);
  if (answer.kind === 'unasked') return askToConfirm(trail, plan, stateCodec, ctx);
  if (answer.kind === 'refused') return text(`Nothing was planned: ${answer.why}.`);
  if (!answer.content.sure) return text('Nothing was planned: you were not sure.');
  const note = notebook.add(trail, 'Plan', `\`\`\`json\n${JSON.stringify(plan, null, 2)}\n\`\`\``);
  return text(`Planned, as note ${note.number} about ${trail}: ${JSON.stringify(plan)}`);
}

/**
 * Several questions in one round: elicitation, sampling and roots, as far as the client offers them.
 * @param {McpServer} server
 * @param {Notebook} notebook
 */
function addTripReport(server, notebook) {
  server.registerTool(
    'trip_report',
    {
      title: 'Trip report',
      description: 'Asks for all that your client offers, in one round: a form, a model text and the roots.',
      inputSchema: TRAIL_INPUT,
      annotations: { readOnlyHint: true },
    },
    ({ trail }, ctx) => {
      notebook.record('trip_report');
      if (ctx.mcpReq.inputResponses !== undefined) return text(tripReport(trail, ctx));
      const offers = clientCapabilities(server, ctx);
      /** @type {Record<string, InputRequest>} */
      const inputRequests = {};
      if (canAskByForm(offers)) {
        inputRequests['mood'] = inputRequired.elicit({ message: 'How was it?', requestedSchema: MOOD_FORM });
      }
      if (offers.sampling !== undefined) inputRequests['opening'] = askForText(trail, 100);
      if (offers.roots !== undefined) inputRequests['folders'] = inputRequired.listRoots();
      if (Object.keys(inputRequests).length > 0) return inputRequired({ inputRequests });
      return text('Your client offers nothing that could be asked for.');
    },
  );
}

/**
 * @param {string} trail
 * @param {ServerContext} ctx
 */
function tripReport(trail, ctx) {
  const lines = [`# Trip report: ${findTrail(trail)?.name ?? trail}`];
  const mood = readForm(ctx, 'mood', MOOD_FORM);
  if (mood.kind === 'given') lines.push(`Mood: ${mood.content.mood}`);
  if (mood.kind === 'refused') lines.push(`Mood: unknown, ${mood.why}`);
  const opening = inputResponse(ctx.mcpReq.inputResponses, 'opening');
  if (opening.kind === 'sampling') lines.push(spokenText(opening.result.content));
  const folders = inputResponse(ctx.mcpReq.inputResponses, 'folders');
  if (folders.kind === 'roots') {
    lines.push(`Folders: ${folders.roots.map((root) => root.name ?? root.uri).join(', ')}`);
  }
  return lines.join('\n\n');
}

/**
 * Elicitation by URL: the person is asked to visit a page.
 * @param {McpServer} server
 * @param {Notebook} notebook
 */
function addOpenGuide(server, notebook) {
  server.registerTool(
    'open_guide',
    {
      title: 'Open the guide',
      description: 'Asks you to open a web page (the MCP documentation on elicitation).',
      annotations: { readOnlyHint: true, openWorldHint: true },
    },
    (ctx) => {
      notebook.record('open_guide');
      if (clientCapabilities(server, ctx).elicitation?.url === undefined) {
        return text('This tool asks you to open a page, and your client does not offer elicitation by URL.');
      }
      const answer = inputResponse(ctx.mcpReq.inputResponses, 'page');
      if (answer.kind === 'elicit') return text(`You chose to ${answer.action}.`);
      const url = 'https://modelcontextprotocol.io/specification/2026-07-28/client/elicitation';
      const message = 'Open the page that explains elicitation?';
      return inputRequired({ inputRequests: { page: inputRequired.elicitUrl({ message, url }) } });
    },
  );
}
