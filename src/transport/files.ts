/**
 * The few functions on files that a client needs, as promises. `node:fs/promises` would do, but loads what watches folders and edits lines
 * as well, into the thread of every server.
 */

import fs from 'node:fs';
import { promisify } from 'node:util';

export const access = promisify(fs.access);
export const readdir = promisify(fs.readdir);
export const readFile = promisify(fs.readFile);
export const stat = promisify(fs.stat);
