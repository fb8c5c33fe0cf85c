// @ts-check
/** The Markdown texts that tools, resources and prompts show. Knows nothing of MCP. */

/** @import {Notebook, Trail} from './notebook.mjs' */

export const GUIDE = `# Trail Notes

A notebook about four walks, to try an MCP host with.

| try | what happens |
|---|---|
| \`list_trails\` | structured content with an output schema |
| \`add_note\` | a form with every simple kind of field |
| \`walk_trail\` | progress; cancel it half way |
| \`trail_card\` | an image, an embedded resource and links |
| \`describe_trail\` | the server asks your model (sampling) |
| \`plan_walk\` | the server asks you, twice (elicitation) |
| \`trip_report\` | the server asks for several things at once |

Open \`trail://activity\` and call any tool: the page changes.
`;

/**
 * @param {Trail} trail
 * @param {Notebook} notebook
 */
export function trailPage(trail, notebook) {
  const notes = notebook.about(trail.id).map((note) => `- ${note.number}. ${note.title}: ${note.text}`);
  return [`# ${trail.name}`, `${trail.km} km, ${trail.level}.`, trail.about, ...notes].join('\n\n');
}

/** @param {Notebook} notebook */
export function activityPage(notebook) {
  const latest = notebook.calls
    .map((tool, index) => `${index + 1}. \`${tool}\``)
    .slice(-20)
    .join('\n');
  const count = `${notebook.calls.length} tool calls, each round of a question counted.`;
  return `# Activity\n\n${count}\n\n${latest}\n`;
}
