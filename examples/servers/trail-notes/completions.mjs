// @ts-check
/** Suggestions for the arguments of prompts and of resource templates (`completion/complete`). */
import { TRAIL_IDS } from './notebook.mjs';

/** @import {McpServer} from '@modelcontextprotocol/server' */
/** @import {Notebook} from './notebook.mjs' */

const SEASONS = ['spring', 'summer', 'autumn', 'winter'];

/**
 * @param {McpServer} server
 * @param {Notebook} notebook
 */
export function addCompletions(server, notebook) {
  server.server.setRequestHandler('completion/complete', ({ params }) => {
    const { name, value } = params.argument;
    const values = suggestions(name, params.context?.arguments ?? {}, notebook).filter((one) =>
      one.startsWith(value),
    );
    return {
      completion: { values: values.slice(0, 100), total: values.length, hasMore: values.length > 100 },
    };
  });
}

/**
 * An argument means the same wherever it appears, so its name is enough to know what to suggest.
 * @param {string} name of the argument
 * @param {Record<string, string>} chosen the arguments that have a value already
 * @param {Notebook} notebook
 * @returns {readonly string[]}
 */
function suggestions(name, chosen, notebook) {
  switch (name) {
    case 'trail':
      return TRAIL_IDS;
    case 'season':
      return SEASONS;
    case 'number':
      return notebook.about(chosen['trail'] ?? '').map((note) => String(note.number));
    default:
      return [];
  }
}
