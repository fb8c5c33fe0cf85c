/** What can be done with a review, written above its first line, and a way to each of its pictures. */

import * as vscode from 'vscode';

import { Commands, SCHEME } from '../../contributions/ids';
import type { UiContext } from '../uiContext';
import { ReadTarget } from './decisions';
import { REVIEW_KINDS } from './reviewAddresses';
import type { OpenReview, ReviewDocuments } from './reviewDocuments';

export class ReviewLenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscriptions: readonly vscode.Disposable[];

  readonly onDidChangeCodeLenses = this.changed.event;

  constructor(
    private readonly ui: UiContext,
    private readonly documents: ReviewDocuments,
  ) {
    this.subscriptions = [
      documents.onDidChange(() => this.changed.fire()),
      vscode.languages.registerCodeLensProvider(
        REVIEW_KINDS.map((kind) => ({
          scheme: SCHEME,
          pattern: `/${kind}/**`,
        })),
        this,
      ),
    ];
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const open = this.documents.get(document.uri);
    return open ? [...this.actions(open), ...imageLenses(open)] : [];
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.changed.dispose();
  }

  private actions({ entryId }: OpenReview): vscode.CodeLens[] {
    const entry = this.ui.host.consent.get(entryId);
    if (!entry) return [];
    const target = new ReadTarget(entryId);
    const lens = (title: string, command: string): vscode.CodeLens =>
      new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), { title, command, arguments: [target] });
    const inPanel = lens(`$(edit)\u00A0${vscode.l10n.t('Edit in Panel…')}`, Commands.reviewRequest);
    if (entry.subject.kind === 'sampling-answer')
      return [
        lens(`$(check)\u00A0${vscode.l10n.t('Return It')}`, Commands.returnAnswer),
        lens(`$(close)\u00A0${vscode.l10n.t('Refuse')}`, Commands.refuseAnswer),
        inPanel,
      ];
    if (entry.subject.kind !== 'sampling') return [];
    return [
      ...(entry.subject.model.kind === 'model'
        ? [
            lens(`$(check)\u00A0${vscode.l10n.t('Allow Once')}`, Commands.allowRequest),
            ...(entry.subject.grant
              ? [lens(`$(check-all)\u00A0${vscode.l10n.t('Allow For…')}`, Commands.allowFor)]
              : []),
          ]
        : []),
      lens(`$(close)\u00A0${vscode.l10n.t('Deny')}`, Commands.denyRequest),
      inPanel,
    ];
  }
}

function imageLenses({ review, images }: OpenReview): vscode.CodeLens[] {
  return review.lines.flatMap(({ image }, line) => {
    const uri = image === undefined ? undefined : images[image];
    if (!uri) return [];
    const range = new vscode.Range(line, 0, line, 0);
    return [
      new vscode.CodeLens(range, {
        title: `$(file-media)\u00A0${vscode.l10n.t('Open Image')}`,
        command: 'vscode.open',
        arguments: [uri, { viewColumn: vscode.ViewColumn.Beside }],
      }),
    ];
  });
}
