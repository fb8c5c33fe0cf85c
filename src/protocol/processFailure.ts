/** What can go wrong with the process of a local server. */

/** How a server's process ended. Exactly one of the two is set, as in Node's `exit` event. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** Why a program could not be started (T028). */
export type SpawnFailure =
  | { readonly reason: 'not-found'; readonly command: string; readonly searched: readonly string[] }
  | { readonly reason: 'not-executable'; readonly command: string }
  | { readonly reason: 'no-folder'; readonly cwd: string }
  | { readonly reason: 'not-allowed'; readonly command: string; readonly errno: string }
  | { readonly reason: 'wrong-format'; readonly command: string; readonly errno: string }
  | { readonly reason: 'bad-argument'; readonly detail: string }
  | { readonly reason: 'other'; readonly command: string; readonly errno: string };
