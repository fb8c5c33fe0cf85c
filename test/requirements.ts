/**
 * What the specification asks of a host and its clients, each row by its id, and the tests that verify it. The rows stand in one file per
 * area.
 */

import { AUTHORIZATION } from './requirements/authorization';
import { CACHING } from './requirements/caching';
import { ELICITATION } from './requirements/elicitation';
import { FEATURES } from './requirements/features';
import { INPUTS } from './requirements/inputs';
import { LIFECYCLE } from './requirements/lifecycle';
import type { Requirement } from './requirements/requirement';
import { ROOTS } from './requirements/roots';
import { SECURITY } from './requirements/security';
import { STATELESS } from './requirements/stateless';
import { TASKS } from './requirements/tasks';
import { TRANSPORTS } from './requirements/transports';
import { UTILITIES } from './requirements/utilities';

/** Areas with the number of their rows, which are counted from 1. Apps are an extension that this host does not have. */
const AREAS: readonly (readonly [area: string, rows: number])[] = [
  ['BASE', 16],
  ['LIFE', 9],
  ['VER', 11],
  ['STDIO', 8],
  ['HTTPL', 12],
  ['SESS', 5],
  ['SSE', 3],
  ['HTTPM', 10],
  ['HDR', 6],
  ['CANC', 7],
  ['PROG', 4],
  ['TIME', 2],
  ['PING', 3],
  ['TOOL', 17],
  ['RSRC', 9],
  ['PRMT', 4],
  ['COMP', 4],
  ['PAGE', 3],
  ['LOG', 3],
  ['CACHE', 8],
  ['ROOT', 7],
  ['SAMP', 16],
  ['ELIC', 9],
  ['URL', 10],
  ['MRTR', 9],
  ['SUBS', 7],
  ['TASKL', 9],
  ['TASKX', 9],
  ['ICON', 4],
  ['META', 2],
  ['ERR', 5],
  ['AUTH', 25],
  ['AUTHX', 3],
  ['SEC', 10],
];

/** The ids of all rows. */
export const IDS: readonly string[] = AREAS.flatMap(([area, rows]) =>
  Array.from({ length: rows }, (_, index) => `${area}${index + 1}`),
);

/** All rows, in the order of their files; an id that is in two files is here twice. */
export const ROWS: readonly (readonly [id: string, row: Requirement])[] = [
  LIFECYCLE,
  TRANSPORTS,
  STATELESS,
  UTILITIES,
  FEATURES,
  INPUTS,
  ROOTS,
  SECURITY,
  AUTHORIZATION,
  ELICITATION,
  TASKS,
  CACHING,
].flatMap((rows) => Object.entries(rows));
