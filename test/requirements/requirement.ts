/** What a row of the requirement manifest is. Types only. */

/** A requirement of the specification, in own words, and what shows that it is met. */
export type Requirement =
  /** Each test as `path below test/#exact title`; a title with values in it as it stands in the source. */
  | { readonly summary: string; readonly tests: readonly string[] }
  /** Why it says nothing about this product. */
  | { readonly notApplicable: string };

/** Rows by their id. */
export type Requirements = Readonly<Record<string, Requirement>>;
