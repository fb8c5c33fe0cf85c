/** How far a request for a model answer is, for whoever follows it: asked, with a model, answered, or over. */

import type { Cause, ConsentEntry, ConsentSubject } from '../host/consentQueue';
import type { SamplingRequest } from '../protocol/sampling';
import type { SafeText } from '../policy/safeText';

type EntryOf<K extends ConsentSubject['kind']> = ConsentEntry & {
  readonly subject: Extract<ConsentSubject, { readonly kind: K }>;
};

/** An entry about sampling. */
export type SamplingEntry = EntryOf<'sampling'> | EntryOf<'sampling-answer'>;

/** A stage, of the request that `conversation` names. */
export type SamplingStage =
  | { readonly kind: 'asked'; readonly entry: EntryOf<'sampling'> }
  | {
      readonly kind: 'working';
      readonly conversation: number;
      readonly serverName: string;
      readonly request: SamplingRequest;
      readonly cause: Cause;
      /** Absent before it is known which one answers. */
      readonly modelName: string | undefined;
      readonly text: string;
    }
  | { readonly kind: 'answered'; readonly entry: EntryOf<'sampling-answer'> }
  | {
      readonly kind: 'over';
      readonly conversation: number;
      readonly serverName: string;
      readonly text: SafeText;
    };

/** True for an entry about sampling. */
export function isSamplingEntry(entry: ConsentEntry): entry is SamplingEntry {
  return entry.subject.kind === 'sampling' || entry.subject.kind === 'sampling-answer';
}

/** Which request it is of. */
export function conversationOf(stage: SamplingStage): number {
  return 'entry' in stage ? stage.entry.subject.conversation : stage.conversation;
}
