// @ts-check
/** The resources: text, JSON, an image, one that changes with every tool call, and two templates. */
import { ResourceNotFoundError, ResourceTemplate, inputRequired } from '@modelcontextprotocol/server';
import { TRAILS, findTrail } from './notebook.mjs';
import { GUIDE, activityPage, trailPage } from './pages.mjs';
import { drawProfile } from './png.mjs';
import { FACING_FORM, canAskByForm, clientCapabilities, readForm } from './questions.mjs';

/** @import {McpServer} from '@modelcontextprotocol/server' */
/** @import {Notebook} from './notebook.mjs' */

const MARKDOWN = 'text/markdown';

/**
 * @param {McpServer} server
 * @param {Notebook} notebook
 * @param {'legacy' | 'modern'} era
 */
export function addResources(server, notebook, era) {
  addPages(server, notebook);
  addCompass(server);
  addTemplates(server, notebook);
  const subscribed = era === 'legacy' ? trackSubscriptions(server) : undefined;

  notebook.onCall = () => {
    // In the new era the SDK sends a change to those who listen for it; in the old one that is left to the server.
    if (subscribed?.has('trail://activity') === false) return;
    void server.server.sendResourceUpdated({ uri: 'trail://activity' });
  };
  notebook.onNotes = () => server.sendResourceListChanged();
}

/**
 * @param {McpServer} server
 * @param {Notebook} notebook
 */
function addPages(server, notebook) {
  const guide = {
    title: 'Guide',
    description: 'What to try',
    mimeType: MARKDOWN,
    size: Buffer.byteLength(GUIDE),
  };
  server.registerResource('guide', 'trail://guide', guide, ({ href }) => ({
    contents: [{ uri: href, mimeType: MARKDOWN, text: GUIDE }],
  }));

  const trails = { title: 'All trails', description: 'As JSON', mimeType: 'application/json' };
  server.registerResource('trails', 'trail://trails', trails, ({ href }) => ({
    contents: [{ uri: href, mimeType: 'application/json', text: JSON.stringify(TRAILS, null, 2) }],
  }));

  const profile = { title: 'Ridge profile', description: 'Heights of the ridge path', mimeType: 'image/png' };
  server.registerResource('profile', 'trail://profile.png', profile, ({ href }) => ({
    contents: TRAILS.filter((trail) => trail.id === 'ridge-path').map((trail) => ({
      uri: href,
      mimeType: 'image/png',
      blob: drawProfile(trail),
    })),
  }));

  const activity = {
    title: 'Activity',
    description: 'Changes with every tool call',
    mimeType: MARKDOWN,
    annotations: { audience: /** @type {['user']} */ (['user']), priority: 0.9 },
  };
  server.registerResource('activity', 'trail://activity', activity, ({ href }) => ({
    contents: [{ uri: href, mimeType: MARKDOWN, text: activityPage(notebook) }],
  }));
}

/**
 * A resource that asks before it answers: reading may need input as well.
 * @param {McpServer} server
 */
function addCompass(server) {
  const compass = { title: 'Compass', description: 'Asks which way you face', mimeType: 'text/plain' };
  server.registerResource('compass', 'trail://compass', compass, ({ href }, ctx) => {
    const answer = readForm(ctx, 'facing', FACING_FORM);
    if (answer.kind === 'unasked' && canAskByForm(clientCapabilities(server, ctx))) {
      const ask = inputRequired.elicit({ message: 'Which way do you face?', requestedSchema: FACING_FORM });
      return inputRequired({ inputRequests: { facing: ask } });
    }
    const facing = answer.kind === 'given' ? answer.content.facing : 'nowhere in particular';
    return {
      contents: [{ uri: href, mimeType: 'text/plain', text: `You face ${facing}. The lake is in the east.` }],
    };
  });
}

/**
 * @param {McpServer} server
 * @param {Notebook} notebook
 */
function addTemplates(server, notebook) {
  const trailTemplate = new ResourceTemplate('trail://trails/{trail}', { list: undefined });
  const trailInfo = { title: 'One trail', description: 'A walk and its notes', mimeType: MARKDOWN };
  server.registerResource('trail', trailTemplate, trailInfo, ({ href }, variables) => {
    const trail = findTrail(String(variables['trail']));
    if (trail === undefined) throw new ResourceNotFoundError(href);
    return { contents: [{ uri: href, mimeType: MARKDOWN, text: trailPage(trail, notebook) }] };
  });

  const noteTemplate = new ResourceTemplate('trail://trails/{trail}/notes/{number}', {
    list: () => ({
      resources: notebook.notes.map(({ trail, number, title }) => ({
        uri: `trail://trails/${trail}/notes/${number}`,
        name: `${trail}-${number}`,
        title,
        mimeType: MARKDOWN,
      })),
    }),
  });
  const noteInfo = { title: 'One note', description: 'A note about a walk', mimeType: MARKDOWN };
  server.registerResource('note', noteTemplate, noteInfo, ({ href }, variables) => {
    const note = notebook
      .about(String(variables['trail']))
      .find((candidate) => String(candidate.number) === variables['number']);
    if (note === undefined) throw new ResourceNotFoundError(href);
    return { contents: [{ uri: href, mimeType: MARKDOWN, text: `# ${note.title}\n\n${note.text}\n` }] };
  });
}

/**
 * Before 2026-07-28 a client subscribes to each resource with a request of its own.
 * @param {McpServer} server
 * @returns {Set<string>} the URIs that the client wants to hear about
 */
function trackSubscriptions(server) {
  const subscribed = new Set();
  server.server.setRequestHandler('resources/subscribe', ({ params }) => {
    subscribed.add(params.uri);
    return {};
  });
  server.server.setRequestHandler('resources/unsubscribe', ({ params }) => {
    subscribed.delete(params.uri);
    return {};
  });
  return subscribed;
}
