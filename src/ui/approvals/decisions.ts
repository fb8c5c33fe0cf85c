/**
 * The one way from a click to a decision: which entry is meant, whether it still waits, and what is said when it does not.
 * Arguments of commands are not believed, because links and other extensions call commands as well (T016, T105).
 */

import * as vscode from 'vscode';

import { Commands } from '../../contributions/ids';
import type { ConsentEntry, PersonDecision } from '../../host/consentQueue';
import { LABEL_LENGTH, safe, safeText } from '../../policy/safeText';
import { REQUEST_ICONS } from '../../presentation/approvalRows';
import { causeText, countOf, entryLabel, expiryText } from '../../presentation/consentTexts';
import type { UiContext } from '../uiContext';
import { isReview, reviewedEntry } from './reviewAddresses';

/** A row of the Approvals view, or a lens of a document. Only objects of ours count: an argument that came as JSON is not one. */
export class ApprovalTarget {
  constructor(
    readonly entryId: number,
    /** Index of a row below the entry's own. */
    readonly detail?: number,
  ) {}
}

/** A lens above the whole text of an entry: whoever clicks it has that before them. */
export class ReadTarget extends ApprovalTarget {}

/** Which entries a command is about. */
type EntryFilter = (entry: ConsentEntry) => boolean;

/** What a command looks for. */
interface Wanted {
  readonly title: string;
  readonly fits: EntryFilter;
  /**
   * `look` takes the only one there is. `decide` may mean the review that is looked at, and never takes an entry that the person has not
   * pointed at. `release` lets go what the entry holds, so it takes only an entry whose whole text is open (T135): any other is opened, and
   * the person decides there.
   */
  readonly to: 'look' | 'decide' | 'release';
}

export class Decisions {
  constructor(private readonly ui: Pick<UiContext, 'host' | 'log'>) {}

  /** Decides, and says so when nothing was waiting any more. @returns whether it took effect */
  decide(id: number, decision: PersonDecision): boolean {
    if (this.ui.host.consent.decide(id, decision)) return true;
    this.tellGone();
    return false;
  }

  tellGone(): void {
    void vscode.window.showInformationMessage(vscode.l10n.t('This request is no longer waiting.'));
  }

  /**
   * The entry that a command is to act on: the one an argument of ours names, else the review that is looked at (for decisions),
   * else the one the person picks. Undefined when there is none, or none yet; then the person has been told or shown.
   */
  async resolve(argument: unknown, { title, fits, to }: Wanted): Promise<ConsentEntry | undefined> {
    const named = this.named(argument);
    if (named === 'foreign') {
      this.ui.log.warn('A command was called with an argument that is none of ours, and did nothing.');
      return undefined;
    }
    const id = named ?? (to === 'look' ? undefined : reviewedEntry(activeUri()));
    const entry = typeof id === 'number' ? this.ui.host.consent.get(id) : undefined;
    if (id !== undefined && !entry) {
      this.tellGone();
      return undefined;
    }
    const meant = entry && fits(entry) ? entry : await this.pick(title, fits, to === 'decide');
    if (!meant || to !== 'release' || meant.id === readEntry() || isRead(argument, meant)) return meant;
    await vscode.commands.executeCommand(Commands.reviewRequest, new ApprovalTarget(meant.id));
    return undefined;
  }

  /** The entries that the person picks of all that wait; at first each is picked. Those that come meanwhile are not among them. */
  async resolveSeveral(title: string, placeHolder: string): Promise<readonly ConsentEntry[]> {
    const entries = this.waiting(() => true);
    if (entries.length === 0) return [];
    const items = entries.map((entry) => ({ ...pickItem(entry), id: entry.id, picked: true }));
    const picked = await vscode.window.showQuickPick(items, { title, placeHolder, canPickMany: true });
    return (picked ?? []).flatMap(({ id }) => this.ui.host.consent.get(id) ?? []);
  }

  /** What waits, after the person was told when that is nothing. */
  private waiting(fits: EntryFilter): readonly ConsentEntry[] {
    const entries = this.ui.host.consent.entries().filter(fits);
    if (entries.length === 0)
      void vscode.window.showInformationMessage(
        vscode.l10n.t('Nothing of this kind is waiting for your decision.'),
      );
    return entries;
  }

  private named(argument: unknown): number | 'gone' | 'foreign' | undefined {
    if (argument === undefined) return undefined;
    if (argument instanceof ApprovalTarget) return argument.entryId;
    // An editor's title bar passes its document. A link could name any, so it must be the one that is looked at.
    const isInFront = argument instanceof vscode.Uri && argument.toString() === activeUri()?.toString();
    return isInFront && isReview(argument) ? (reviewedEntry(argument) ?? 'gone') : 'foreign';
  }

  private async pick(title: string, fits: EntryFilter, always: boolean): Promise<ConsentEntry | undefined> {
    const entries = this.waiting(fits);
    const [first] = entries;
    if (!first || (entries.length === 1 && !always)) return first;
    const picked = await vscode.window.showQuickPick(
      entries.map((entry) => ({ ...pickItem(entry), id: entry.id })),
      { title, placeHolder: vscode.l10n.t('Which request?'), matchOnDetail: true },
    );
    if (!picked) return undefined;
    const entry = this.ui.host.consent.get(picked.id);
    if (!entry) this.tellGone();
    return entry;
  }
}

/** True for a lens above the text of this very entry. */
function isRead(argument: unknown, { id }: ConsentEntry): boolean {
  return argument instanceof ReadTarget && argument.entryId === id;
}

function pickItem(entry: ConsentEntry): vscode.QuickPickItem {
  const { subject } = entry;
  const expiry = expiryText(entry, Date.now());
  return {
    label: entryLabel(entry),
    iconPath: new vscode.ThemeIcon(subject.kind === 'launch' ? 'shield' : REQUEST_ICONS[subject.kind]),
    ...(expiry === undefined ? {} : { description: expiry }),
    ...(subject.kind === 'sampling'
      ? { detail: safe`${countOf(subject.request.messages.length, 'message')}, ${causeText(subject.cause)}` }
      : 'cause' in subject
        ? { detail: causeText(subject.cause) }
        : subject.kind === 'roots'
          ? { detail: countOf(subject.folders.length, 'folder') }
          : subject.kind === 'tool'
            ? { detail: safeText(subject.title ?? subject.name, LABEL_LENGTH) }
            : {}),
  };
}

/** The entry whose text is looked at; a picture of it does not show what would be let go. */
function readEntry(): number | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputText ? reviewedEntry(input.uri) : undefined;
}

/** The document of the active tab, whatever editor shows it. */
function activeUri(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom) return input.uri;
  return undefined;
}
