/**
 * Addresses of the documents in which entries are reviewed. Entries are counted anew in each window, so an address names its window too: a
 * tab that a reload brought back, or an address of somebody else's making, is never taken for the text of an entry of this one (T135).
 */

import type * as vscode from 'vscode';

import { DocumentKinds, SCHEME } from '../../contributions/ids';
import { freshHash } from '../documents/hash';

/** Kinds of documents that show an entry. */
export const REVIEW_KINDS: readonly string[] = [DocumentKinds.review, DocumentKinds.answerReview];

const WINDOW = freshHash();

/** The folder of everything that shows an entry: its text and its pictures. */
export function reviewFolder(kind: string, entryId: number): string {
  return `${kind}/${WINDOW}-${entryId}`;
}

/** True for a review of whichever window. */
export function isReview({ scheme, path }: vscode.Uri): boolean {
  return scheme === SCHEME && REVIEW_KINDS.includes(path.split('/')[1] ?? '');
}

/** The entry of this window that a review, or a picture of it, belongs to; it may be over. */
export function reviewedEntry(uri: vscode.Uri | undefined): number | undefined {
  if (!uri || !isReview(uri)) return undefined;
  const [, , folder = '', name] = uri.path.split('/');
  const [window, id = '', ...more] = folder.split('-');
  return window === WINDOW && more.length === 0 && name !== undefined && /^\d{1,15}$/.test(id)
    ? Number(id)
    : undefined;
}
