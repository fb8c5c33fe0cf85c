/** The protocol revisions this host speaks and the two eras they fall into. */

/** Revisions of the stateful era, newest first: an `initialize` handshake fixes version and capabilities. */
export const LEGACY_REVISIONS = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'] as const;

/** Revisions of the stateless era, newest first: every request carries version and capabilities. */
export const MODERN_REVISIONS = ['2026-07-28'] as const;

/** A revision of the stateful era. */
export type LegacyRevision = (typeof LEGACY_REVISIONS)[number];
/** A revision of the stateless era. */
export type ModernRevision = (typeof MODERN_REVISIONS)[number];
/** A revision that this host speaks. */
export type Revision = LegacyRevision | ModernRevision;

/** What a negotiation settled on. The era is a property of the server, not of a request. */
export type Negotiated =
  | { readonly era: 'legacy'; readonly revision: LegacyRevision }
  | { readonly era: 'modern'; readonly revision: ModernRevision };

/** The newest legacy revision among `offered`, if any. */
export function newestLegacy(offered: readonly string[]): LegacyRevision | undefined {
  return LEGACY_REVISIONS.find((revision) => offered.includes(revision));
}

/** The newest modern revision among `offered`, if any. */
export function newestModern(offered: readonly string[]): ModernRevision | undefined {
  return MODERN_REVISIONS.find((revision) => offered.includes(revision));
}

/** True when `revision` is `since` or newer. Revisions are ISO dates, so text order is time order. */
export function isAtLeast(revision: Revision, since: Revision): boolean {
  return revision >= since;
}
