// @ts-check
/** The prompts: one with arguments, one with none and richer content, one that asks before it answers. */
import { fromJsonSchema, inputRequired } from '@modelcontextprotocol/server';
import { TRAILS, findTrail } from './notebook.mjs';
import { GUIDE } from './pages.mjs';
import { drawProfile } from './png.mjs';
import { FEELING_FORM, canAskByForm, clientCapabilities, readForm } from './questions.mjs';

/** @import {McpServer, StandardSchemaWithJSON} from '@modelcontextprotocol/server' */

/** @typedef {{ trail: string, season?: string, people?: string }} PackingArguments */
/** @type {StandardSchemaWithJSON<PackingArguments, PackingArguments>} */
const PACKING_INPUT = fromJsonSchema({
  type: 'object',
  properties: {
    trail: { type: 'string', description: 'Which walk, such as lake-loop' },
    season: { type: 'string', description: 'spring, summer, autumn or winter' },
    people: { type: 'string', description: 'How many people' },
  },
  required: ['trail'],
});

/**
 * @param {string} value
 * @returns {{ role: 'user', content: { type: 'text', text: string } }}
 */
const said = (value) => ({ role: 'user', content: { type: 'text', text: value } });

/** @param {McpServer} server */
export function addPrompts(server) {
  server.registerPrompt(
    'packing_list',
    { title: 'Packing list', description: 'What to bring on a walk', argsSchema: PACKING_INPUT },
    ({ trail, season = 'summer', people = '1' }) => {
      const walk = findTrail(trail);
      const facts = walk ? `${walk.name} (${walk.km} km, ${walk.level})` : trail;
      const messages = [said(`Write a packing list for ${people} people on ${facts} in ${season}.`)];
      return { description: `Packing list for ${facts}`, messages };
    },
  );

  server.registerPrompt(
    'explain_profile',
    { title: 'Explain the profile', description: 'With an image' },
    () => ({
      messages: [
        said('Explain this height profile to somebody who has never walked in hills.'),
        ...TRAILS.filter((trail) => trail.id === 'ridge-path').map((trail) => ({
          role: /** @type {const} */ ('user'),
          content: { type: /** @type {const} */ ('image'), data: drawProfile(trail), mimeType: 'image/png' },
        })),
        {
          role: 'user',
          content: {
            type: 'resource',
            resource: { uri: 'trail://guide', mimeType: 'text/markdown', text: GUIDE },
          },
        },
      ],
    }),
  );

  server.registerPrompt('diary', { title: 'Diary', description: 'Asks how you feel first' }, (ctx) => {
    const answer = readForm(ctx, 'feeling', FEELING_FORM);
    if (answer.kind === 'unasked' && canAskByForm(clientCapabilities(server, ctx))) {
      const ask = inputRequired.elicit({ message: 'How do you feel today?', requestedSchema: FEELING_FORM });
      return inputRequired({ inputRequests: { feeling: ask } });
    }
    const feeling = answer.kind === 'given' ? answer.content.feeling : 'fine';
    return { messages: [said(`Help me to write a diary page about a walk. I feel ${feeling}.`)] };
  });
}
