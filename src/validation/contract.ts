/** What crosses between the schema validator and its worker. Types only. */

import type { JsonObject, JsonValue } from '../base/json';

/** One place where a value does not match. `path` is a JSON pointer (RFC 6901), empty for the whole value. */
export interface SchemaError {
  readonly path: string;
  /** May quote words of the schema, so it is not yet safe to show. */
  readonly message: string;
}

/** The outcome of a check. `unchecked` never means that something is wrong with the value. */
export type Validation =
  | { readonly kind: 'valid' }
  | { readonly kind: 'invalid'; readonly errors: readonly SchemaError[] }
  | { readonly kind: 'unchecked'; readonly reason: string };

/** A value, or its JSON text, which is parsed by the worker only. */
export type Candidate = { readonly value: JsonValue } | { readonly json: string };

/** One job. `pointer` names the part of the schema to check against, its references resolved in the whole. */
export interface ValidationJob {
  readonly id: number;
  readonly schema: JsonObject;
  readonly pointer: string;
  readonly candidate: Candidate;
}

/** What the worker says: once that it takes jobs, then the outcome of each. */
export type WorkerMessage =
  { readonly kind: 'ready' } | { readonly kind: 'done'; readonly id: number; readonly outcome: Validation };
