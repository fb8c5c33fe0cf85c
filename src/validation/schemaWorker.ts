/** Entry of the worker thread that checks values against schemas of servers. It has no state but the last schema it compiled. */

import { parentPort } from 'node:worker_threads';

import type { JsonObject } from '../base/json';
import { compileSchema, runJob } from './checkSchema';
import type { ValidationJob, WorkerMessage } from './contract';

type Compiled = ReturnType<typeof compileSchema>;

let last: { readonly key: string; readonly compiled: Compiled } | undefined;

/** While a person types, the same schema comes again and again. */
function compileOnce(schema: JsonObject, pointer: string): Compiled {
  const key = JSON.stringify([pointer, schema]);
  if (last?.key !== key) last = { key, compiled: compileSchema(schema, pointer) };
  return last.compiled;
}

function post(message: WorkerMessage): void {
  parentPort?.postMessage(message);
}

parentPort?.on('message', (job: ValidationJob) => {
  post({ kind: 'done', id: job.id, outcome: runJob(job, compileOnce) });
});
post({ kind: 'ready' });
