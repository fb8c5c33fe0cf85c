// @ts-check
/** What a group of measures is, and what it is given. */

/**
 * Where the servers are, and how thorough to be.
 * @typedef {{ readonly server: string, readonly httpServer: string, readonly quick: boolean }} Setup
 */
/** Name → a number, or the reason why there is none. @typedef {Record<string, number | string>} Figures */
/** @typedef {import('../engines/engine.mjs').Engine} Engine */
/** @typedef {import('../engines/engine.mjs').Place} Place */
/** Lets the other engines have a turn, and waits for the next of one's own. @typedef {() => Promise<void>} NextTurn */
/**
 * One row of the table.
 * @typedef {{ readonly name: string, readonly title: string, readonly digits: number }} Row
 */
/**
 * @typedef {object} Group
 * @property {string} name
 * @property {readonly string[]} engines ids
 * @property {readonly Row[]} rows
 * @property {(engine: Engine, setup: Setup, nextTurn: NextTurn) => Promise<Figures>} run in a process of its own
 */

/** @param {Setup} setup @param {number} [tools] @returns {Place} */
export const stdioServer = (setup, tools = 100) => ({
  kind: 'stdio',
  command: process.execPath,
  args: [setup.server, String(tools)],
});

/** @param {string} name @param {string} title @param {number} [digits] @returns {Row} */
export const row = (name, title, digits = 1) => ({ name, title, digits });
