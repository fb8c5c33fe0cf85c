/** What the page that reviews sampling and its panel say to each other. Plain data; reading what a page says is `readSamplingMessage`. */

/** A named fact, in our words or made safe. */
export interface PageFact {
  readonly label: string;
  readonly text: string;
}

/** Foreign text, with markers for what cannot be seen, and as much of it as a page holds. */
export interface PageText {
  readonly text: string;
  /** Says how much is left out; absent when it is whole. */
  readonly more?: string;
}

/** A part of a message, a tool, or what a model answered. */
export type PagePart =
  /** `raw` as it is, for whoever edits it, with its number in the request; absent where it cannot be edited here. */
  | {
      readonly kind: 'text';
      readonly shown: PageText;
      readonly edit?: { readonly place: number; readonly raw: string };
    }
  /** `source` is a `data:` address of a picture that was recognised; absent where it cannot be shown here. */
  | { readonly kind: 'media'; readonly label: string; readonly source?: string }
  | { readonly kind: 'code'; readonly label: string; readonly shown: PageText };

/** A message, or something else that goes to the model as one piece. */
export interface PageBlock {
  readonly title: string;
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly parts: readonly PagePart[];
  /** Its number among the messages, from 0, where it can be left out or given another role. */
  readonly message?: number;
}

/** The model that would answer. */
export type PageModel =
  | { readonly kind: 'model'; readonly name: string; readonly why: string; readonly notes: readonly string[] }
  | { readonly kind: 'none'; readonly why: string };

/** What may be changed beside texts. An absent temperature is left to the model. */
export interface PageLimits {
  readonly maxTokens: number;
  /** The server takes no more. */
  readonly mostTokens: number;
  readonly temperature?: number;
  readonly stopSequences: readonly string[];
  /** What has to be said of each. */
  readonly notes: { readonly maxTokens?: string; readonly stopSequences?: string };
}

/** Something else that waits. */
export interface PageOther {
  readonly conversation: number;
  readonly label: string;
}

/** What all stages have. */
interface StageBase {
  /** 0 where it is of no request of this window. */
  readonly conversation: number;
  readonly title: string;
  /** How it stands, in a sentence. */
  readonly standing: string;
  readonly facts: readonly PageFact[];
  readonly warnings: readonly string[];
}

/** A request that waits for the person. */
export interface AskedStage extends StageBase {
  readonly kind: 'asked';
  /** Of the waiting entry; another content never has the same id. */
  readonly id: number;
  /** What the server would like, and what is done of it. */
  readonly wishes: readonly PageFact[];
  readonly cost: readonly PageFact[];
  readonly model: PageModel;
  readonly limits: PageLimits;
  readonly blocks: readonly PageBlock[];
  /** Says why it cannot be sent as it is shown; absent when it can. */
  readonly whyNot?: string;
  /** There is more of it than is shown, and the page can be told all of it. */
  readonly hasMore: boolean;
  readonly canGrant: boolean;
  /** There is something in the person's context, and a text of the request that it can be added to. */
  readonly canAttach: boolean;
  /** Why an answer by hand may end, and the tools that it may use. */
  readonly reasons: readonly { readonly value: string; readonly label: string }[];
  readonly tools: readonly string[];
}

/** A request that is with a model. */
export interface WorkingStage extends StageBase {
  readonly kind: 'working';
  readonly text: PageText;
  readonly request: readonly PageBlock[];
}

/** An answer that waits for the person. */
export interface AnsweredStage extends StageBase {
  readonly kind: 'answered';
  readonly id: number;
  readonly parts: readonly PagePart[];
  readonly request: readonly PageBlock[];
  /** Says why it cannot be returned as it is shown; absent when it can. */
  readonly whyNot?: string;
  /** As for {@link AskedStage}. */
  readonly hasMore: boolean;
  /** Empty when the model cannot be asked again. */
  readonly again: string;
}

/** Nothing is to be decided any more. */
export interface OverStage extends StageBase {
  readonly kind: 'over';
  /** The window that it was of is over as well: whatever the page remembers was typed there. */
  readonly isOfOtherWindow: boolean;
}

export type PageStage = AskedStage | WorkingStage | AnsweredStage | OverStage;

/** All that the page shows. */
export interface SamplingPage {
  /** After something new is shown the buttons do nothing for this long, in milliseconds. */
  readonly settleMs: number;
  /** Of the stage, which has one content only. */
  readonly key: string;
  /** The same, and how much of it is drawn: more of the same is drawn anew. */
  readonly drawn: string;
  readonly stage: PageStage;
  /** What else waits, without what is shown. */
  readonly others: readonly PageOther[];
  readonly words: PageWords;
}

/** Names of what is on the page. */
export type PageWords = Readonly<Record<WordKey, string>>;

type WordKey =
  | 'addMessage'
  | 'again'
  | 'allowFor'
  | 'answer'
  | 'answerMyself'
  | 'answerPlaceholder'
  | 'asAssistant'
  | 'asUser'
  | 'attach'
  | 'back'
  | 'changeModel'
  | 'close'
  | 'cost'
  | 'deny'
  | 'document'
  | 'edit'
  | 'editAndReturn'
  | 'emptyAnswer'
  | 'leaveOut'
  | 'leftToModel'
  | 'limits'
  | 'maxTokens'
  | 'model'
  | 'newMessage'
  | 'next'
  | 'none'
  | 'noRule'
  | 'others'
  | 'putBack'
  | 'refuse'
  | 'request'
  | 'return'
  | 'returnEdited'
  | 'returnMine'
  | 'role'
  | 'send'
  | 'sendEdited'
  | 'sent'
  | 'showAll'
  | 'stop'
  | 'stopReason'
  | 'stopSequences'
  | 'stopSequencesHint'
  | 'temperature'
  | 'text'
  | 'tool'
  | 'toolInput'
  | 'typed'
  | 'undo'
  | 'wishes'
  | 'working'
  | 'yourAnswer';

/** From the panel to the page. */
export type SamplingPanelMessage =
  /** `isDrawn` when the page was told of this before: what never changes is left out, see `withoutDrawn`. */
  | { readonly type: 'show'; readonly page: SamplingPage; readonly isDrawn: boolean }
  /** The model has said this much. */
  | { readonly type: 'said'; readonly conversation: number; readonly text: PageText }
  /** What the person chose of their context, to be added to what goes to the model. */
  | { readonly type: 'attach'; readonly id: number; readonly text: string }
  /** What the person wanted cannot be done as it stands. `field` is where, when that is known. */
  | {
      readonly type: 'problem';
      readonly id: number;
      readonly field: PageField | undefined;
      readonly message: string;
    };

/** What can be wrong. */
export type PageField = 'maxTokens' | 'temperature' | 'stopSequences' | 'answer' | 'toolInput';

/** Who says a message. */
export type PageRole = 'user' | 'assistant';

/** What the person changed of a request: only that. */
export interface PageEdit {
  /** Texts by their number; 0 is the system prompt, which an empty text removes. */
  readonly texts: readonly (readonly [place: number, text: string])[];
  /** Messages that are left out, by their number. */
  readonly without?: readonly number[];
  /** Messages that somebody else says now, by their number. */
  readonly roles?: readonly (readonly [message: number, role: PageRole])[];
  /** Messages of the person's own, behind the others. */
  readonly added?: readonly { readonly role: PageRole; readonly text: string }[];
  readonly maxTokens?: number;
  /** Null leaves it to the model. */
  readonly temperature?: number | null;
  readonly stopSequences?: readonly string[];
}

/** An answer in the model's place. */
export interface PageAnswer {
  readonly text: string;
  readonly stopReason: 'endTurn' | 'maxTokens' | 'stopSequence' | 'toolUse';
  /** With the reason `toolUse` only. */
  readonly tool?: { readonly name: string; readonly input: string };
}

/** From the page to the panel. `id` is that of an entry, and always of the one that is shown. */
export type SamplingPageMessage =
  /** The page runs and wants to be told what to show. */
  | { readonly type: 'ready' }
  | { readonly type: 'close' }
  | { readonly type: 'select'; readonly conversation: number }
  | { readonly type: 'stop'; readonly conversation: number }
  | { readonly type: 'send'; readonly id: number; readonly edit: PageEdit }
  | { readonly type: 'answer'; readonly id: number; readonly answer: PageAnswer }
  /** `text` when the person changed what the model said. */
  | { readonly type: 'return'; readonly id: number; readonly text?: string }
  | {
      readonly type: 'deny' | 'allow-for' | 'model' | 'document' | 'again' | 'attach' | 'show-all';
      readonly id: number;
    };
