// @ts-check
/** What the server asks for: its forms, the text it wants from a model, and how their answers are read. */
import {
  CLIENT_CAPABILITIES_META_KEY,
  acceptedContent,
  fromJsonSchema,
  inputRequired,
  inputResponse,
} from '@modelcontextprotocol/server';
import { findTrail } from './notebook.mjs';

/** @import {ClientCapabilities, McpServer, ServerContext, StandardSchemaWithJSON} from '@modelcontextprotocol/server' */

/** @typedef {{ day: string, people: number, transport: string, [more: string]: unknown }} Plan */
/** One field of every kind that a form may have. @type {StandardSchemaWithJSON<Plan, Plan>} */
export const PLAN_FORM = fromJsonSchema({
  type: 'object',
  properties: {
    day: { type: 'string', title: 'Day', format: 'date' },
    people: { type: 'integer', title: 'People', minimum: 1, maximum: 12, default: 2 },
    paceKmh: { type: 'number', title: 'Pace (km/h)', minimum: 1, maximum: 8, default: 3.5 },
    transport: {
      type: 'string',
      title: 'Getting there',
      oneOf: [
        { const: 'train', title: 'By train' },
        { const: 'bus', title: 'By bus' },
        { const: 'bike', title: 'By bike' },
      ],
      default: 'train',
    },
    food: {
      type: 'array',
      title: 'Food to bring',
      items: { type: 'string', enum: ['bread', 'cheese', 'fruit', 'tea'] },
      maxItems: 3,
    },
    earlyStart: { type: 'boolean', title: 'Start before sunrise', default: false },
    wish: { type: 'string', title: 'A wish', description: 'Anything else', maxLength: 120 },
  },
  required: ['day', 'people', 'transport'],
});

/** @typedef {{ sure: boolean }} Confirmation */
/** @type {StandardSchemaWithJSON<Confirmation, Confirmation>} */
export const CONFIRM_FORM = fromJsonSchema({
  type: 'object',
  properties: { sure: { type: 'boolean', title: 'Yes, write it', default: true } },
  required: ['sure'],
});

/** @typedef {{ mood: string }} Mood */
/** @type {StandardSchemaWithJSON<Mood, Mood>} */
export const MOOD_FORM = fromJsonSchema({
  type: 'object',
  properties: {
    mood: { type: 'string', title: 'Mood', enum: ['happy', 'tired', 'soaked'], default: 'happy' },
  },
  required: ['mood'],
});

/** @typedef {{ facing: string }} Facing */
/** @type {StandardSchemaWithJSON<Facing, Facing>} */
export const FACING_FORM = fromJsonSchema({
  type: 'object',
  properties: { facing: { type: 'string', title: 'Facing', enum: ['north', 'east', 'south', 'west'] } },
  required: ['facing'],
});

/** @typedef {{ feeling: string }} Feeling */
/** @type {StandardSchemaWithJSON<Feeling, Feeling>} */
export const FEELING_FORM = fromJsonSchema({
  type: 'object',
  properties: { feeling: { type: 'string', title: 'In one word', minLength: 2, maxLength: 30 } },
  required: ['feeling'],
});

/**
 * What the client can do, whichever era it speaks: said with each request, or once when the connection opened.
 * @param {McpServer} server
 * @param {ServerContext} ctx
 * @returns {ClientCapabilities}
 */
export function clientCapabilities(server, ctx) {
  /** @type {Record<string, ClientCapabilities> | undefined} */
  const envelope = ctx.mcpReq.envelope; // the SDK types it as an object without members
  return envelope?.[CLIENT_CAPABILITIES_META_KEY] ?? server.server.getClientCapabilities() ?? {};
}

/**
 * Whether the client can show a form. A bare `elicitation: {}` means forms, as it did before there were modes.
 * @param {ClientCapabilities} capabilities
 */
export function canAskByForm({ elicitation }) {
  return elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined);
}

/**
 * Reads the answer to a form. It comes from outside, so it is checked against the form.
 * @template {object} Content
 * @param {ServerContext} ctx
 * @param {string} key under which the form was sent
 * @param {StandardSchemaWithJSON<Content, Content>} form
 * @returns {{ kind: 'unasked' } | { kind: 'refused', why: string } | { kind: 'given', content: Content }}
 */
export function readForm(ctx, key, form) {
  const answer = inputResponse(ctx.mcpReq.inputResponses, key);
  if (answer.kind !== 'elicit') return { kind: 'unasked' };
  if (answer.action !== 'accept') return { kind: 'refused', why: `you chose to ${answer.action}` };
  const content = acceptedContent(ctx.mcpReq.inputResponses, key, form);
  return content === undefined
    ? { kind: 'refused', why: 'the answer does not fit the form' }
    : { kind: 'given', content };
}

/**
 * A request for a text by the client's model.
 * @param {string} id of the trail to describe
 * @param {number} maxTokens
 */
export function askForText(id, maxTokens) {
  const trail = findTrail(id);
  const facts = `${trail?.name}, ${trail?.km} km, ${trail?.level}. ${trail?.about}`;
  return inputRequired.createMessage({
    messages: [
      { role: 'user', content: { type: 'text', text: `Describe this walk in two sentences: ${facts}` } },
    ],
    systemPrompt: 'You write short, plain texts for walkers.',
    modelPreferences: { hints: [{ name: 'small' }], costPriority: 0.8, speedPriority: 0.6 },
    temperature: 0.4,
    maxTokens,
  });
}

/**
 * The text of a model's message, whose content is one block or a list of blocks.
 * @param {unknown} content
 */
export function spokenText(content) {
  const blocks = Array.isArray(content) ? content : [content];
  return blocks.map((block) => (block?.type === 'text' ? String(block.text) : `[${block?.type}]`)).join('\n');
}
