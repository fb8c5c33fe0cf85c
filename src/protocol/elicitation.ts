/** A server's request for the person's input, in one form for both eras (`elicitation/create`, or an input request). */

/** What a client can offer; the stateful era knows URLs from 2025-11-25 on. */
export interface ElicitationModes {
  readonly form: boolean;
  readonly url: boolean;
}

/** What one field of an accepted form holds. */
export type ElicitationValue = string | number | boolean | readonly string[];

/** Answers by the key of their field. Its keys are the server's: read it with own-property access only. */
export interface ElicitationContent {
  readonly [key: string]: ElicitationValue | undefined;
}

/** One value to pick; without a title it speaks for itself. */
export interface ElicitationChoice {
  readonly value: string;
  readonly title?: string;
}

/** What a field takes. Lengths are in code points; all bounds are inclusive. */
export type ElicitationInput =
  | { readonly kind: 'boolean' }
  | { readonly kind: 'choice'; readonly choices: readonly ElicitationChoice[] }
  | {
      readonly kind: 'choices';
      readonly choices: readonly ElicitationChoice[];
      readonly minItems?: number;
      readonly maxItems?: number;
    }
  | {
      readonly kind: 'number';
      readonly integer: boolean;
      readonly minimum?: number;
      readonly maximum?: number;
    }
  | {
      readonly kind: 'string';
      readonly minLength?: number;
      readonly maxLength?: number;
      /** `email`, `uri`, `date` and `date-time` are checked; any other one is only shown. */
      readonly format?: string;
      /** A regular expression of the server: it may run for ever, so only a thread that can be ended may try it (T096). */
      readonly pattern?: string;
    };

/** One field of a form. Texts are the server's and not yet safe to show. */
export interface ElicitationField {
  readonly key: string;
  readonly required: boolean;
  readonly title?: string;
  readonly description?: string;
  /** The server's proposal, which fits the field; never sent unless the person sees it go (T146). */
  readonly defaultValue?: ElicitationValue;
  readonly input: ElicitationInput;
}

/** A form to fill in. */
export interface ElicitationForm {
  readonly mode: 'form';
  readonly message: string;
  /** In the order of the schema. */
  readonly fields: readonly ElicitationField[];
}

/** An address to open in a browser, where the rest happens without this host. */
export interface ElicitationUrl {
  readonly mode: 'url';
  readonly message: string;
  /** As the URL standard writes it: what is shown is what is opened. Always one that `readElicitationUrl` lets pass. */
  readonly url: string;
}

/** `elicitation/create` params. */
export type ElicitationRequest = ElicitationForm | ElicitationUrl;

/** What the person did (ELIC6). `accept` has content for a form only; for an address it means consent, not that anything was done. */
export type ElicitationAnswer =
  | { readonly action: 'accept'; readonly content?: ElicitationContent }
  | { readonly action: 'decline' }
  | { readonly action: 'cancel' };
