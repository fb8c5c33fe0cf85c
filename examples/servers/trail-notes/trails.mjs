// @ts-check
/** The tools that need nothing but their arguments: results of every kind, progress, cancellation, failure. */
import { setTimeout as sleep } from 'node:timers/promises';
import { fromJsonSchema } from '@modelcontextprotocol/server';
import { TRAIL_IDS, TRAILS, findTrail } from './notebook.mjs';
import { trailPage } from './pages.mjs';
import { drawProfile } from './png.mjs';

/** @import {CallToolResult, McpServer, ServerContext, StandardSchemaWithJSON} from '@modelcontextprotocol/server' */
/** @import {Notebook} from './notebook.mjs' */

const TRAIL = { type: 'string', title: 'Trail', description: 'Which walk', enum: TRAIL_IDS };

/** @typedef {{ level?: 'easy' | 'moderate' | 'hard', maxKm?: number }} ListArguments */
/** @type {StandardSchemaWithJSON<ListArguments, ListArguments>} */
const LIST_INPUT = fromJsonSchema({
  type: 'object',
  properties: {
    level: { type: 'string', enum: ['easy', 'moderate', 'hard'], description: 'Only walks of this level' },
    maxKm: {
      type: 'number',
      exclusiveMinimum: 0,
      maximum: 100,
      description: 'Only walks up to this length, km',
    },
  },
});

const LIST_OUTPUT = fromJsonSchema({
  type: 'object',
  properties: {
    count: { type: 'integer', minimum: 0 },
    trails: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          id: { type: 'string' },
          name: { type: 'string' },
          km: { type: 'number', description: 'Length in kilometres' },
          level: { type: 'string', enum: ['easy', 'moderate', 'hard'] },
        },
        required: ['id', 'name', 'km', 'level'],
      },
    },
  },
  required: ['count', 'trails'],
});

/** @typedef {{ trail: string, steps?: number, secondsPerStep?: number }} WalkArguments */
/** @type {StandardSchemaWithJSON<WalkArguments, WalkArguments>} */
const WALK_INPUT = fromJsonSchema({
  type: 'object',
  properties: {
    trail: TRAIL,
    steps: { type: 'integer', minimum: 1, maximum: 600, default: 10 },
    secondsPerStep: { type: 'number', minimum: 0.01, maximum: 10, default: 0.5 },
  },
  required: ['trail'],
});

/** @typedef {{ trail: string }} TrailArguments */
/** @type {StandardSchemaWithJSON<TrailArguments, TrailArguments>} */
const TRAIL_INPUT = fromJsonSchema({ type: 'object', properties: { trail: TRAIL }, required: ['trail'] });

/** @typedef {{ lines?: number }} ExportArguments */
/** @type {StandardSchemaWithJSON<ExportArguments, ExportArguments>} */
const EXPORT_INPUT = fromJsonSchema({
  type: 'object',
  properties: { lines: { type: 'integer', minimum: 1, maximum: 1_000_000, default: 1000 } },
});

/** @typedef {{ season: 'summer' | 'winter' }} SeasonArguments */
/** @type {StandardSchemaWithJSON<SeasonArguments, SeasonArguments>} */
const SEASON_INPUT = fromJsonSchema({
  type: 'object',
  properties: { season: { type: 'string', enum: ['summer', 'winter'] } },
  required: ['season'],
});

/**
 * @param {McpServer} server
 * @param {Notebook} notebook
 */
export function addTrailTools(server, notebook) {
  server.registerTool(
    'list_trails',
    {
      title: 'List trails',
      description: 'Lists the walks, as structured content that matches an output schema.',
      inputSchema: LIST_INPUT,
      outputSchema: LIST_OUTPUT,
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    ({ level, maxKm }) => {
      notebook.record('list_trails');
      const trails = TRAILS.filter((trail) => level === undefined || trail.level === level)
        .filter((trail) => maxKm === undefined || trail.km <= maxKm)
        .map(({ id, name, km, level }) => ({ id, name, km, level }));
      const structuredContent = { count: trails.length, trails };
      return { content: [{ type: 'text', text: JSON.stringify(structuredContent) }], structuredContent };
    },
  );

  server.registerTool(
    'walk_trail',
    {
      title: 'Walk a trail',
      description: 'Takes its time and reports progress at each step. Can be cancelled half way.',
      inputSchema: WALK_INPUT,
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    (args, ctx) => {
      notebook.record('walk_trail');
      return walk(args, ctx);
    },
  );

  server.registerTool(
    'trail_card',
    {
      title: 'Trail card',
      description: 'Returns a text, a PNG image, an embedded resource and two resource links.',
      inputSchema: TRAIL_INPUT,
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    ({ trail }) => {
      notebook.record('trail_card');
      return trailCard(trail, notebook);
    },
  );

  server.registerTool(
    'call_station',
    {
      title: 'Call the weather station',
      description: 'Always fails, to show what a tool error looks like.',
      annotations: { readOnlyHint: true },
    },
    () => {
      notebook.record('call_station');
      return {
        isError: true,
        content: [{ type: 'text', text: 'The weather station does not answer. Try again later.' }],
      };
    },
  );

  server.registerTool(
    'export_log',
    {
      title: 'Export a log',
      description: 'Returns a text of as many lines as you ask for, to try long results.',
      inputSchema: EXPORT_INPUT,
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    ({ lines = 1000 }) => {
      notebook.record('export_log');
      const text = Array.from({ length: lines }, (_, index) => `${index + 1}\tmarker passed`).join('\n');
      return { content: [{ type: 'text', text }] };
    },
  );

  addSeasons(server, notebook);
}

/**
 * Two tools, of which the second appears and disappears: the list of tools changes while the server runs.
 * @param {McpServer} server
 * @param {Notebook} notebook
 */
function addSeasons(server, notebook) {
  const iceReport = server.registerTool(
    'ice_report',
    { title: 'Ice report', description: 'Offered in winter only.', annotations: { readOnlyHint: true } },
    () => {
      notebook.record('ice_report');
      return { content: [{ type: 'text', text: 'The lake is frozen. The ridge needs crampons.' }] };
    },
  );
  iceReport.disable();

  server.registerTool(
    'set_season',
    {
      title: 'Set the season',
      description: 'In winter one more tool, ice_report, is offered.',
      inputSchema: SEASON_INPUT,
      annotations: { idempotentHint: true, destructiveHint: false, openWorldHint: false },
    },
    ({ season }) => {
      notebook.record('set_season');
      const winter = season === 'winter';
      if (iceReport.enabled !== winter) iceReport.update({ enabled: winter });
      return { content: [{ type: 'text', text: `It is ${season} now.` }] };
    },
  );
}

/**
 * @param {WalkArguments} args
 * @param {ServerContext} ctx
 * @returns {Promise<CallToolResult>}
 */
async function walk({ trail, steps = 10, secondsPerStep = 0.5 }, ctx) {
  const progressToken = ctx.mcpReq._meta?.progressToken;
  for (let step = 1; step <= steps; step += 1) {
    // The signal is aborted when the client cancels or goes away; the sleep then throws and the walk ends here.
    await sleep(secondsPerStep * 1000, undefined, { signal: ctx.mcpReq.signal });
    await ctx.mcpReq.log('debug', `step ${step} of ${steps}`, 'walk');
    if (progressToken === undefined) continue;
    const message = step === steps ? 'Back home' : `Marker ${step}`;
    const params = { progressToken, progress: step, total: steps, message };
    await ctx.mcpReq.notify({ method: 'notifications/progress', params });
  }
  return {
    content: [{ type: 'text', text: `Walked ${findTrail(trail)?.name ?? trail} in ${steps} steps.` }],
  };
}

/**
 * @param {string} id of the trail
 * @param {Notebook} notebook
 * @returns {CallToolResult}
 */
function trailCard(id, notebook) {
  const trail = findTrail(id);
  if (trail === undefined) throw new Error(`There is no trail ${id}.`);
  const uri = `trail://trails/${id}`;
  return {
    content: [
      { type: 'text', text: `**${trail.name}**, ${trail.km} km, ${trail.level}` },
      { type: 'image', data: drawProfile(trail), mimeType: 'image/png', annotations: { audience: ['user'] } },
      { type: 'resource', resource: { uri, mimeType: 'text/markdown', text: trailPage(trail, notebook) } },
      {
        type: 'resource_link',
        uri: 'trail://trails',
        name: 'trails',
        title: 'All trails',
        mimeType: 'application/json',
      },
      { type: 'resource_link', uri: 'trail://activity', name: 'activity', mimeType: 'text/markdown' },
    ],
  };
}
