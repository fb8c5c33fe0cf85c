// @ts-check
/** The tools that change the notebook. The first of them has an argument of every simple kind. */
import { fromJsonSchema } from '@modelcontextprotocol/server';
import { TRAIL_IDS } from './notebook.mjs';

/** @import {McpServer, StandardSchemaWithJSON} from '@modelcontextprotocol/server' */
/** @import {Notebook} from './notebook.mjs' */

/**
 * @typedef {object} AddNoteArguments
 * @property {string} trail
 * @property {string} title
 * @property {string} [text]
 * @property {string} [marker]
 * @property {string} [date]
 * @property {string} [link]
 * @property {number} [distanceKm]
 * @property {number} [people]
 * @property {boolean} [withDog]
 * @property {'sun' | 'cloud' | 'rain' | 'snow'} [weather]
 * @property {string[]} [tags]
 * @property {{ latitude: number, longitude: number, label?: string }} [place]
 */

/** @type {StandardSchemaWithJSON<AddNoteArguments, AddNoteArguments>} */
const ADD_NOTE_INPUT = fromJsonSchema({
  type: 'object',
  properties: {
    trail: { type: 'string', title: 'Trail', description: 'Which walk', enum: TRAIL_IDS },
    title: { type: 'string', title: 'Title', minLength: 3, maxLength: 60 },
    text: { type: 'string', title: 'Text', description: 'Markdown', maxLength: 2000, default: '' },
    marker: {
      type: 'string',
      title: 'Marker',
      description: 'As on the post, like AB-123',
      pattern: '^[A-Z]{2}-[0-9]{3}$',
    },
    date: { type: 'string', title: 'Date', format: 'date' },
    link: { type: 'string', title: 'Link', format: 'uri' },
    distanceKm: { type: 'number', title: 'Distance walked (km)', minimum: 0.1, maximum: 100 },
    people: { type: 'integer', title: 'People', minimum: 1, maximum: 20, default: 1 },
    withDog: { type: 'boolean', title: 'With a dog', default: false },
    weather: {
      type: 'string',
      title: 'Weather',
      oneOf: [
        { const: 'sun', title: 'Sunny' },
        { const: 'cloud', title: 'Cloudy' },
        { const: 'rain', title: 'Rainy' },
        { const: 'snow', title: 'Snowy' },
      ],
      default: 'sun',
    },
    tags: {
      type: 'array',
      title: 'Tags',
      items: { type: 'string', minLength: 2, maxLength: 20 },
      maxItems: 5,
      uniqueItems: true,
    },
    place: {
      type: 'object',
      title: 'Place',
      properties: {
        latitude: { type: 'number', minimum: -90, maximum: 90 },
        longitude: { type: 'number', minimum: -180, maximum: 180 },
        label: { type: 'string', maxLength: 40 },
      },
      required: ['latitude', 'longitude'],
      additionalProperties: false,
    },
  },
  required: ['trail', 'title'],
  additionalProperties: false,
});

/** @typedef {{ trail?: string }} ClearArguments */
/** @type {StandardSchemaWithJSON<ClearArguments, ClearArguments>} */
const CLEAR_INPUT = fromJsonSchema({
  type: 'object',
  properties: { trail: { type: 'string', description: 'Leave out to remove all notes', enum: TRAIL_IDS } },
});

/**
 * @param {McpServer} server
 * @param {Notebook} notebook
 */
export function addNoteTools(server, notebook) {
  server.registerTool(
    'add_note',
    {
      title: 'Add a note',
      description: 'Writes a note about a walk. The note becomes a resource of its own.',
      inputSchema: ADD_NOTE_INPUT,
      annotations: { destructiveHint: false, openWorldHint: false },
    },
    (args) => {
      notebook.record('add_note');
      const note = notebook.add(args.trail, args.title, noteText(args));
      const uri = `trail://trails/${note.trail}/notes/${note.number}`;
      return {
        content: [
          { type: 'text', text: `Added note ${note.number} about ${note.trail}.` },
          {
            type: 'resource_link',
            uri,
            name: `${note.trail}-${note.number}`,
            title: note.title,
            mimeType: 'text/markdown',
          },
        ],
      };
    },
  );

  server.registerTool(
    'clear_notes',
    {
      title: 'Clear notes',
      description: 'Removes the notes about one walk, or all notes. Cannot be undone.',
      inputSchema: CLEAR_INPUT,
      annotations: { destructiveHint: true, idempotentHint: true, openWorldHint: false },
    },
    ({ trail }) => {
      notebook.record('clear_notes');
      return { content: [{ type: 'text', text: `Notes removed: ${notebook.clear(trail)}.` }] };
    },
  );
}

/** @param {AddNoteArguments} args */
function noteText({ text = '', people = 1, withDog = false, weather = 'sun', place, tags = [], ...rest }) {
  const facts = {
    ...{ people, withDog, weather, date: rest.date, marker: rest.marker, link: rest.link },
    distanceKm: rest.distanceKm,
    place: place && `${place.label ?? ''} ${place.latitude}, ${place.longitude}`.trim(),
    tags: tags.length > 0 ? tags.join(', ') : undefined,
  };
  const lines = Object.entries(facts).filter(([, value]) => value !== undefined);
  return [text, ...lines.map(([name, value]) => `- ${name}: ${value}`)].join('\n').trim();
}
