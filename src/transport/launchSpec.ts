/** What a stdio transport needs to start a server process. It knows nothing of where the values came from. */

/** A process to start, fully resolved: nothing is looked up or expanded after this. */
export interface LaunchSpec {
  /** Absolute path of the executable. */
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment of the child; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Absolute path of an existing folder. */
  readonly cwd: string;
}
