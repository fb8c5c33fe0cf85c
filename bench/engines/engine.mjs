// @ts-check
/** What a benchmark sees of an engine: a client of any making, behind one interface. */

/**
 * Where the server is: a program to start, or an address.
 * @typedef {{ readonly kind: 'stdio', readonly command: string, readonly args: readonly string[] }
 *   | { readonly kind: 'http', readonly url: string }} Place
 */
/**
 * One connection after its handshake.
 * @typedef {object} Session
 * @property {() => Promise<number>} listTools reads all tools; how many the caller has in hand
 * @property {(name: string, given: Record<string, unknown>) => Promise<unknown>} call
 * @property {(result: unknown) => Promise<void>} [takeRest] brings what of a result is not in hand yet, where an engine keeps some of it
 * @property {() => number | undefined} pid of the server's process, where the engine tells
 * @property {() => Promise<void>} close
 */
/**
 * @typedef {object} Engine
 * @property {string} id
 * @property {(place: Place) => Promise<Session>} open
 * @property {() => Promise<void>} [warm] resolves when what the engine keeps ready for the next server is ready
 */

export {};
