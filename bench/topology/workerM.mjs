// @ts-check
/** Topology M on the library's common entry point and a minimal runtime that drains its queue turn by turn. */
import { workerData } from 'node:worker_threads';
import { installRuntime } from './ral.mjs';
import { runSession } from './sessionM.mjs';

installRuntime(/** @type {{ perTurn?: number }} */ (workerData).perTurn ?? 1);
runSession();
