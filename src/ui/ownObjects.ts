/**
 * Which objects our own views made. Commands take their arguments from anybody, links and other extensions included; only an object
 * from here stands for a person's click on one of our rows (T016). JSON from a link can never be one.
 */

const ours = new WeakSet<object>();

/** Marks an object as made by one of our views. */
export function ownObject<T extends object>(made: T): T {
  ours.add(made);
  return made;
}

/** True for an object that one of our views made. */
export function isOwnObject(given: unknown): given is object {
  return typeof given === 'object' && given !== null && ours.has(given);
}
