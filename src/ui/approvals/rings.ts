/** The notifications themselves: our own words and the server's key only (T105, T112). Closing one decides nothing. */

import * as vscode from 'vscode';

import { Commands } from '../../contributions/ids';
import type { ConsentEntry, ConsentSubject } from '../../host/consentQueue';
import { safeText, type SafeText } from '../../policy/safeText';
import { causeInOwnWords, countOf } from '../../presentation/consentTexts';
import type { Ring } from '../../presentation/doorbellPlan';
import { signInReason, type SignInQuestion } from '../../presentation/signInTexts';
import { serverNode } from '../servers/nodes';
import type { UiContext } from '../uiContext';
import { ApprovalTarget, type Decisions } from './decisions';
import { whenSettled } from './whenSettled';

type Sampling = Extract<ConsentSubject, { kind: 'sampling' }>;
type Answer = Extract<ConsentSubject, { kind: 'sampling-answer' }>;
type Elicitation = Extract<ConsentSubject, { kind: 'elicitation' }>;

export class Rings {
  constructor(
    private readonly ui: Pick<UiContext, 'host'>,
    private readonly decisions: Decisions,
  ) {}

  ring(plan: Ring): void {
    switch (plan.kind) {
      case 'request':
        return this.ringForRequest(plan.entry);
      case 'launches':
        return this.ringForLaunches(plan.entries);
      case 'several':
        return this.offerReview(
          vscode.l10n.t('{0} requests of MCP servers wait for your decision.', plan.count),
          Commands.reviewRequest,
        );
    }
  }

  private ringForRequest(entry: ConsentEntry): void {
    const { subject } = entry;
    switch (subject.kind) {
      case 'sampling':
        return this.ringForSampling(entry, subject);
      case 'sampling-answer':
        return this.ringForAnswer(entry, subject);
      case 'elicitation':
        return this.ringForInput(entry, subject);
      case 'elicitation-wait':
        return this.ringForWait(entry);
      case 'sign-in':
        return this.ringForSignIn(entry, subject);
      case 'roots':
        return this.ringForFolders(entry);
      case 'tool':
        return this.offerReviewOf(
          entry,
          vscode.l10n.t('A tool of server "{0}" is to be run, and waits for your word.', keyOf(entry)),
          vscode.l10n.t('Deny'),
        );
      case 'launch':
        return;
    }
  }

  private ringForInput(entry: ConsentEntry, { request, cause }: Elicitation): void {
    const answer = vscode.l10n.t('Answer…');
    const decline = vscode.l10n.t('Decline');
    const because = causeInOwnWords(cause);
    const message =
      request.mode === 'form'
        ? vscode.l10n.t('Server "{0}" asks you for input {1}.', keyOf(entry), because)
        : vscode.l10n.t('Server "{0}" asks you to open a page in your browser {1}.', keyOf(entry), because);
    void vscode.window.showInformationMessage(message, answer, decline).then((choice) => {
      if (choice === decline) this.decisions.decide(entry.id, { kind: 'deny' });
      else if (choice === answer) this.run(Commands.answerElicitation, new ApprovalTarget(entry.id));
    });
  }

  /** No folder is named here: which are shared is chosen where each is seen with its path. A server may lose patience, the person's choice stays. */
  private ringForFolders(entry: ConsentEntry): void {
    const choose = vscode.l10n.t('Choose…');
    const deny = vscode.l10n.t('Deny');
    const message = vscode.l10n.t(
      'Server "{0}" asks which of your workspace folders it may know.',
      keyOf(entry),
    );
    void vscode.window.showInformationMessage(message, choose, deny).then((choice) => {
      if (choice === deny) this.decisions.decide(entry.id, { kind: 'deny' });
      if (choice !== choose) return;
      if (this.ui.host.consent.get(entry.id)) this.run(Commands.reviewRequest, new ApprovalTarget(entry.id));
      else this.run(Commands.chooseRoots, serverNode(entry.serverId));
    });
  }

  private ringForWait(entry: ConsentEntry): void {
    this.stand(
      entry,
      vscode.l10n.t(
        'A call of yours to server "{0}" waits until you are done in the browser: [Continue…](command:{1})',
        keyOf(entry),
        Commands.reviewRequest,
      ),
    );
  }

  private ringForSignIn(entry: ConsentEntry, subject: SignInQuestion): void {
    this.stand(
      entry,
      vscode.l10n.t(
        'Server "{0}" asks you to sign in ({1}): [Sign In…](command:{2})',
        keyOf(entry),
        signInReason(subject),
        Commands.reviewRequest,
      ),
    );
  }

  /**
   * For what a call of the person stands still for: the notification stays until that is settled, and goes then. The editor takes back no
   * other notification than one of progress. Its only button is Cancel, without which it would show a single line; the rest are links.
   */
  private stand(entry: ConsentEntry, title: string): void {
    const { consent } = this.ui.host;
    const { Notification: location } = vscode.ProgressLocation;
    void vscode.window.withProgress({ location, title, cancellable: true }, async (_, cancelled) => {
      cancelled.onCancellationRequested(() => this.decisions.decide(entry.id, { kind: 'deny' }));
      await whenSettled(consent, entry);
    });
  }

  private ringForSampling(entry: ConsentEntry, subject: Sampling): void {
    const server = keyOf(entry);
    const cause = causeInOwnWords(subject.cause);
    const { model } = subject;
    const message =
      model.kind === 'model'
        ? vscode.l10n.t('Server "{0}" asks for a model answer {1}.', server, cause)
        : vscode.l10n.t(
            'Server "{0}" asks for a model answer {1}. No model can give one: {2}',
            server,
            cause,
            safeText(model.reason),
          );
    this.offerReviewOf(entry, message, vscode.l10n.t('Deny'));
  }

  private ringForAnswer(entry: ConsentEntry, { answer, cause }: Answer): void {
    const message = vscode.l10n.t(
      'The model has answered the request of server "{0}" {1}: {2}. The server gets nothing of it before you return it.',
      keyOf(entry),
      causeInOwnWords(cause),
      countOf(answer.text.length, 'character'),
    );
    this.offerReviewOf(entry, message, vscode.l10n.t('Refuse'));
  }

  /** For what lets something of its text go: that is not in the notification, so it is only allowed where it is open (T135). */
  private offerReviewOf(entry: ConsentEntry, message: string, deny: string): void {
    const review = vscode.l10n.t('Review…');
    void vscode.window.showInformationMessage(message, review, deny).then((choice) => {
      if (choice === review) this.run(Commands.reviewRequest, new ApprovalTarget(entry.id));
      else if (choice === deny) this.decisions.decide(entry.id, { kind: 'deny' });
    });
  }

  private ringForLaunches(entries: readonly ConsentEntry[]): void {
    const [only] = entries;
    const message =
      entries.length === 1 && only
        ? vscode.l10n.t('Server "{0}" waits for your approval to start.', keyOf(only))
        : vscode.l10n.t('{0} MCP servers wait for your approval to start.', entries.length);
    this.offerReview(message, Commands.reviewServers);
  }

  private offerReview(
    message: string,
    command: typeof Commands.reviewRequest | typeof Commands.reviewServers,
  ): void {
    const review = vscode.l10n.t('Review…');
    void vscode.window.showInformationMessage(message, review).then((choice) => {
      if (choice === review) this.run(command);
    });
  }

  private run(command: string, ...args: readonly unknown[]): void {
    void vscode.commands.executeCommand(command, ...args);
  }
}

function keyOf({ serverName }: ConsentEntry): SafeText {
  return safeText(serverName, 64);
}
