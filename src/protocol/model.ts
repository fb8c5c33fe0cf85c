/**
 * The revision-neutral vocabulary of MCP inside this host: what both eras' codecs produce and everything above them uses.
 * Text in these types comes from servers and is untrusted; it is bounded in length but not yet safe to show.
 */

import type { JsonObject } from '../base/json';
import type { Failure } from './failure';
import type { Negotiated } from './revisions';

/** Name, title and version a peer gives itself. A claim, never an identity (BASE16, T112). */
export interface Implementation {
  readonly name: string;
  readonly title?: string;
  readonly version: string;
}

/** What a server declared. An absent feature is never called (LIFE5). */
export interface ServerCapabilities {
  readonly tools?: { readonly listChanged: boolean };
  readonly resources?: { readonly listChanged: boolean; readonly subscribe: boolean };
  readonly prompts?: { readonly listChanged: boolean };
  readonly completions: boolean;
  readonly logging: boolean;
  /** Experimental feature of 2025-11-25, and of no other revision. */
  readonly tasks?: { readonly toolCalls: boolean; readonly cancel: boolean };
  /** The extension of SEP-2663, of the stateless era. */
  readonly taskExtension?: true;
  /** The extension of SEP-2640. */
  readonly skills?: true;
}

/** A server after negotiation. */
export interface ConnectedServer {
  readonly negotiated: Negotiated;
  readonly info: Implementation;
  readonly capabilities: ServerCapabilities;
  /** All that the server declared, as JSON text: its names, icons and capabilities, its instructions, what nobody knows. */
  readonly declared: string;
}

/** The lists a server can offer. */
export const LIST_KINDS = ['tools', 'resources', 'resourceTemplates', 'prompts', 'skills'] as const;

/** One of {@link LIST_KINDS}. */
export type ListKind = (typeof LIST_KINDS)[number];

/** A picture for an item, as data: nothing is fetched or shown for it (ICON2, ICON3). */
export interface Icon {
  /** An `https:` address, or a `data:` one with the picture itself. */
  readonly src: string;
  readonly mimeType?: string;
  /** `48x48` or `any`; absent counts as any (ICON4). */
  readonly sizes?: readonly string[];
  readonly theme?: 'light' | 'dark';
}

/** What an item may carry beside what this host uses. */
export interface Extras {
  readonly icons?: readonly Icon[];
  /** `_meta` as JSON text: extensions know what is in it. A text in it says that there is more than is kept. */
  readonly meta?: string;
  /** What else it declares and nobody here knows, as JSON text, in the places where it stood. A text in it as above. */
  readonly more?: string;
}

/** Behaviour hints of a tool. The server's claims; nothing is decided from them (T125). */
export interface ToolAnnotations {
  readonly readOnlyHint?: boolean;
  readonly destructiveHint?: boolean;
  readonly idempotentHint?: boolean;
  readonly openWorldHint?: boolean;
}

/** A tool as listed: enough for trees and pickers. Schemas stay in the client until {@link ToolDefinition} is asked for. */
export interface ToolSummary {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly annotations?: ToolAnnotations;
  /** Whether it can or must be called as a task (2025-11-25); absent when it cannot. */
  readonly taskSupport?: 'optional' | 'required';
}

/** A tool with its schemas (JSON Schema, 2020-12 unless `$schema` says otherwise). */
export interface ToolDefinition extends ToolSummary, Extras {
  readonly inputSchema: JsonObject;
  readonly outputSchema?: JsonObject;
  /**
   * Schemas of the server that are too large to be handed over (T097). Instead of its `inputSchema` there is one that takes any
   * object, so the tool can still be called with arguments written as JSON; what is not here cannot be checked.
   */
  readonly withheld?: readonly ('inputSchema' | 'outputSchema')[];
}

/** Hints about a resource (2025-06-18 and later: `lastModified`). */
export interface Annotations {
  readonly audience?: readonly ('user' | 'assistant')[];
  readonly priority?: number;
  readonly lastModified?: string;
}

/** A resource as listed. */
export interface ResourceSummary extends Extras {
  readonly uri: string;
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly mimeType?: string;
  /** Bytes, as claimed. */
  readonly size?: number;
  readonly annotations?: Annotations;
}

/** A resource template as listed (RFC 6570). */
export interface ResourceTemplateSummary extends Extras {
  readonly uriTemplate: string;
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly mimeType?: string;
}

/** One argument of a prompt; values are always strings. */
export interface PromptArgument {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly required: boolean;
}

/** A prompt as listed. */
export interface PromptSummary extends Extras {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly arguments: readonly PromptArgument[];
}

/** A skill as listed (SEP-2640). How its files are recognised stays in the client. */
export interface SkillSummary {
  /** Address of its SKILL.md. */
  readonly uri: string;
  readonly name: string;
  readonly description: string;
  /** With sizes in bytes. `dynamic`: the server does not say which files it has, and nothing of them can be verified. */
  readonly files: readonly { readonly path: string; readonly size: number }[] | 'dynamic';
}

/** The item type of each list. */
export interface ListItems {
  readonly tools: ToolSummary;
  readonly resources: ResourceSummary;
  readonly resourceTemplates: ResourceTemplateSummary;
  readonly prompts: PromptSummary;
  readonly skills: SkillSummary;
}

/** An entry that the server sent but that cannot be used, and why (T101). */
export interface RejectedItem {
  /** Position in the list as the server sent it. */
  readonly index: number;
  /** The item's own name when it has one that is a string. */
  readonly name?: string;
  readonly reason: string;
}

/** A list after all pages were read. */
export interface Listing<K extends ListKind = ListKind> {
  readonly kind: K;
  readonly items: readonly ListItems[K][];
  readonly rejected: readonly RejectedItem[];
  /** Why the list ends before the server's own end, if it does (T102): in words of our own, and the failure when there was one. */
  readonly cut?: { readonly reason: string; readonly failure?: Failure };
  /** Stands for all of the above; given by whoever has read the list again, and good for nothing but to be compared. */
  readonly digest?: string;
}
