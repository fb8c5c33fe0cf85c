// @ts-check
/** The data of Trail Notes: four walks, the notes about them, and a log of the tool calls. Knows nothing of MCP. */

/**
 * @typedef {object} Trail
 * @property {string} id used in arguments and URIs
 * @property {string} name
 * @property {number} km length in kilometres
 * @property {'easy' | 'moderate' | 'hard'} level
 * @property {readonly number[]} heights metres above the sea, at equal distances
 * @property {string} about
 */

/**
 * @typedef {object} Note
 * @property {number} number counted from 1 for each trail
 * @property {string} trail id of the trail
 * @property {string} title
 * @property {string} text Markdown
 */

/** @type {readonly Trail[]} */
export const TRAILS = [
  {
    id: 'lake-loop',
    name: 'Lake loop',
    km: 6.4,
    level: 'easy',
    heights: [412, 415, 431, 440, 428, 419, 416, 412],
    about: 'A flat path around the water. Benches on the north shore.',
  },
  {
    id: 'pine-valley',
    name: 'Pine valley',
    km: 9.8,
    level: 'moderate',
    heights: [480, 505, 540, 590, 575, 610, 650, 660],
    about: 'Up along the stream, with two wooden bridges. Shade all day.',
  },
  {
    id: 'old-quarry',
    name: 'Old quarry',
    km: 4.1,
    level: 'moderate',
    heights: [350, 390, 445, 430, 400, 395, 370, 350],
    about: 'Short and steep. Look for ammonites in the grey stone.',
  },
  {
    id: 'ridge-path',
    name: 'Ridge path',
    km: 15.2,
    level: 'hard',
    heights: [620, 780, 960, 1130, 1240, 1190, 1280, 1090],
    about: 'Long views on both sides, and no water after the first spring.',
  },
];

export const TRAIL_IDS = TRAILS.map((trail) => trail.id);

/**
 * @param {string} id
 * @returns {Trail | undefined}
 */
export function findTrail(id) {
  return TRAILS.find((trail) => trail.id === id);
}

/** What one connection has written and called. Tells its listeners what has changed. */
export class Notebook {
  /** @type {Note[]} */
  notes = [
    {
      number: 1,
      trail: 'lake-loop',
      title: 'Herons',
      text: 'Two **grey herons** at the inlet, early morning.',
    },
    { number: 1, trail: 'ridge-path', title: 'Wind', text: 'Bring a jacket: the saddle is *always* windy.' },
  ];

  /** Names of the tools called, the first call first. @type {string[]} */
  calls = [];

  /** Called after each tool call is recorded. @type {() => void} */
  onCall = () => {};

  /** Called when notes were added or removed. @type {() => void} */
  onNotes = () => {};

  /** @param {string} tool name of the tool that is being called */
  record(tool) {
    this.calls.push(tool);
    this.onCall();
  }

  /**
   * @param {string} trail id of the trail
   * @param {string} title
   * @param {string} text Markdown
   * @returns {Note}
   */
  add(trail, title, text) {
    const number = 1 + Math.max(0, ...this.about(trail).map((note) => note.number));
    const note = { number, trail, title, text };
    this.notes.push(note);
    this.onNotes();
    return note;
  }

  /**
   * @param {string | undefined} trail id of the trail, or undefined for all of them
   * @returns {number} how many notes were removed
   */
  clear(trail) {
    const kept = this.notes.filter((note) => trail !== undefined && note.trail !== trail);
    const removed = this.notes.length - kept.length;
    this.notes = kept;
    if (removed > 0) this.onNotes();
    return removed;
  }

  /**
   * @param {string} trail id of the trail
   * @returns {Note[]}
   */
  about(trail) {
    return this.notes.filter((note) => note.trail === trail);
  }
}
