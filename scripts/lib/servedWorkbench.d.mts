// The types of servedWorkbench.mjs, for the tests that are written in TypeScript.
import type { Page } from 'playwright-core';

/** What to open. */
export interface ServedWorkbenchOptions {
  /** File-name safe; names the folder of the server's log. */
  readonly name: string;
  /** Absolute path of a folder or of a `.code-workspace` file. */
  readonly workspace: string;
  /** Added to settings that keep VS Code quiet. */
  readonly userSettings?: Readonly<Record<string, unknown>>;
  /** Whether the fixture that provides a language model is installed; it is unless this is false. */
  readonly modelProvider?: boolean;
  /** A version of scripts/lib/versions.mjs; the newest unless given. */
  readonly vscodeVersion?: string;
  /** Size of the window in CSS pixels. */
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly colorScheme?: 'light' | 'dark';
  /** Additions to the environment of the extension host. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A running VS Code with one window. */
export interface ServedWorkbench {
  readonly page: Page;
  /** Absolute path of the folder in which this VS Code keeps what is the user's. */
  readonly userDataDir: string;
  /** Replaces the user settings while VS Code runs. */
  readonly writeUserSettings: (settings: Readonly<Record<string, unknown>>) => void;
  /** Ends browser and server and removes their folders. */
  readonly close: () => Promise<void>;
}

/** Starts VS Code with our built VSIX installed, as a user has it, and opens a workspace that nobody trusted yet. */
export function openServedWorkbench(options: ServedWorkbenchOptions): Promise<ServedWorkbench>;

/** Makes a folder for this process; those of processes that were killed are removed. Returns its absolute path. */
export function makeScratch(): string;

/** Removes a folder that {@link makeScratch} made. */
export function removeScratch(folder: string): void;
