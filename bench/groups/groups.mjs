// @ts-check
/** All groups, in the order of the table. */
import { calls } from './calls.mjs';
import { footprint } from './footprint.mjs';
import { http } from './http.mjs';
import { isolation } from './isolation.mjs';
import { ready } from './ready.mjs';
import { results } from './results.mjs';

/** @type {readonly import('./group.mjs').Group[]} */
export const GROUPS = [ready, calls, results, isolation, footprint, http];
