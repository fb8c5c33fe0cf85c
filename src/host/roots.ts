/**
 * Answers servers that ask for the workspace folders: policy first, then the person. No path leaves before they chose it, and a server is
 * told of a change exactly when asking would bring it something else than it knows.
 */

import type { Clock } from '../base/clock';
import { Emitter } from '../base/event';
import type { Disposable } from '../base/disposable';
import type { Logger } from '../base/log';
import type { RequestOrigin, Root } from '../client/contract';
import { decideRoots, offersRoots, type RootsDecision } from '../policy/rootsDecision';
import type { EntryScope, RootsRule } from '../policy/serverEntry';
import { CallCause } from './callCause';
import type { Calls } from './calls';
import type { ConsentOutcome, ConsentQueue } from './consentQueue';
import type { StatePort, WorkspaceFolder, WorkspacePort } from './ports';
import { QuestionHistory } from './questionHistory';
import { RootsChoices, type RootsSubject } from './rootsChoices';

/** A server to whom folders may be told. */
export interface RootsAsker {
  readonly serverId: string;
  readonly serverName: string;
  readonly rule: RootsRule;
  readonly scope: EntryScope['kind'];
  /** SHA-256 of its launch, which a choice is bound to. */
  readonly fingerprint: string;
}

interface RootsPorts {
  readonly clock: Clock;
  readonly decisions: StatePort;
  readonly workspace: Pick<WorkspacePort, 'id' | 'isTrusted' | 'folders'>;
  readonly machine: { readonly sha256: (text: string) => string };
  readonly settings: { readonly samplingExpiryMs: number };
}

/** What a server may know now, for the person. `undecided`: they are asked when it wants to know. */
export type SharedFolders =
  { readonly kind: 'undecided' } | { readonly kind: 'shared'; readonly folders: readonly WorkspaceFolder[] };

/** What is known of one running server. */
interface Session {
  readonly asker: RootsAsker;
  readonly log: Logger;
  /** Has the server told that what it may know has changed. */
  readonly onChange: () => void;
  /** What asking would have brought when it was last told of anything; undefined when an answer may not have reached it. */
  told: string | undefined;
  /** Present while the person is asked; takes the question back. */
  question?: AbortController;
}

/** A running server's way to the folders. */
export interface RootsSession extends Disposable {
  /** True when it is told that it may ask. */
  readonly isOffered: boolean;
  /** Answers one request. Never rejects. @param signal aborts when nobody waits for the answer any more */
  serve(origin: RequestOrigin, signal: AbortSignal): Promise<readonly Root[]>;
}

export class Roots implements Disposable {
  /** By server id. */
  private readonly sessions = new Map<string, Session>();
  /** By server id. Kept when a server goes: it could otherwise end its limits by starting again. */
  private readonly histories = new Map<string, QuestionHistory>();
  private readonly choices: RootsChoices;
  private readonly changed = new Emitter<string>();

  /** What a server may know has changed; its id. */
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly ports: RootsPorts,
    private readonly calls: Calls,
    private readonly queue: ConsentQueue,
  ) {
    this.choices = new RootsChoices(ports.decisions, ports.machine.sha256);
  }

  /** Begins to serve a server that is launched. @param onChange has it told that its folders changed */
  open(asker: RootsAsker, log: Logger, onChange: () => void): RootsSession {
    const session: Session = { asker, log, onChange, told: undefined };
    session.told = this.viewOf(asker);
    this.sessions.set(asker.serverId, session);
    return {
      isOffered: offersRoots({ rule: asker.rule, workspaceTrusted: this.ports.workspace.isTrusted }),
      serve: async (origin, signal) =>
        await this.historyOf(asker.serverId).turns.take(
          async () => await this.serve(session, origin, signal),
        ),
      dispose: () => {
        if (this.sessions.get(asker.serverId) === session) this.sessions.delete(asker.serverId);
      },
    };
  }

  /** The server of this id as it runs, if it does. */
  running(serverId: string): RootsAsker | undefined {
    return this.sessions.get(serverId)?.asker;
  }

  /** What a running server may know now; undefined when it never may. */
  sharedWith(serverId: string): SharedFolders | undefined {
    const asker = this.running(serverId);
    return asker && this.shared(asker);
  }

  /** What a server may know now; undefined when it never may. */
  shared(asker: RootsAsker): SharedFolders | undefined {
    const decision = this.decide(asker);
    if (decision.kind === 'ask') return { kind: 'undecided' };
    if (decision.kind === 'share') return { kind: 'shared', folders: this.foldersOf(decision.uris) };
    const { cause } = decision;
    return cause === 'off' || cause === 'untrusted' ? undefined : { kind: 'shared', folders: [] };
  }

  /**
   * Shares these folders with a server from now on, and no others; one that waits for an answer gets it. Where the entry shares all and so
   * does the person, the entry goes on deciding. @throws when it cannot be stored; it holds for this session all the same
   */
  async choose(asker: RootsAsker, uris: readonly string[]): Promise<void> {
    const open = this.ports.workspace.folders();
    const chosen = open.flatMap(({ uri }) => (uris.includes(uri) ? [uri] : []));
    const subject = this.subjectOf(asker);
    const stored =
      asker.rule === 'workspace' && asker.scope === 'user' && chosen.length === open.length
        ? this.choices.forget(subject)
        : this.choices.share(subject, chosen);
    // Whether it can be kept or not, it holds at once.
    this.sessions.get(asker.serverId)?.question?.abort();
    this.refresh();
    this.changed.fire(asker.serverId);
    await stored;
  }

  /** Tells each server to which a change of the folders, or of a choice, makes a difference. */
  refresh(): void {
    for (const session of this.sessions.values()) {
      // One that waits for its answer gets what is true then.
      if (session.question) continue;
      const view = this.viewOf(session.asker);
      if (view === session.told) continue;
      session.told = view;
      session.onChange();
      this.changed.fire(session.asker.serverId);
    }
  }

  dispose(): void {
    this.changed.dispose();
  }

  private async serve(
    session: Session,
    origin: RequestOrigin,
    signal: AbortSignal,
  ): Promise<readonly Root[]> {
    const { asker, log } = session;
    const history = this.historyOf(asker.serverId);
    let decision = this.decide(asker, history.counts([]).requests);
    if (decision.kind === 'ask' && !signal.aborted) {
      history.add([]);
      await this.ask(session, origin, signal);
      // Whatever came of it is remembered where it counts, also a choice that was made elsewhere meanwhile.
      decision = this.decide(asker);
    }
    if (decision.kind === 'nothing') history.refusals.note('No folders were told', decision.reason, log);
    // What nobody waits for any more may not arrive.
    const view = this.viewOf(asker);
    if (view !== session.told) this.changed.fire(asker.serverId);
    session.told = signal.aborted ? undefined : view;
    return decision.kind === 'share'
      ? this.foldersOf(decision.uris).map(({ uri, name }) => ({ uri, name }))
      : [];
  }

  private async ask(session: Session, origin: RequestOrigin, signal: AbortSignal): Promise<void> {
    const { asker, log } = session;
    const { serverId, serverName } = asker;
    const question = new AbortController();
    session.question = question;
    const cause = new CallCause(this.calls, serverId, origin).describe();
    const outcome = await this.queue.ask(
      { serverId, serverName },
      {
        kind: 'roots',
        folders: this.ports.workspace.folders(),
        ...(cause.kind === 'call' ? { cause } : {}),
      },
      {
        signal: AbortSignal.any([signal, question.signal]),
        expiresAfterMs: this.ports.settings.samplingExpiryMs,
      },
    );
    log.info(`A request for your folders ${OUTCOME_TEXT[outcome.kind]}.`);
    if (outcome.kind === 'deny') this.choices.deny(this.subjectOf(asker));
    if (outcome.kind === 'share') await this.keep(session, outcome.uris);
    delete session.question;
  }

  private async keep({ asker, log }: Session, uris: readonly string[]): Promise<void> {
    try {
      await this.choices.share(this.subjectOf(asker), uris);
    } catch {
      // The reason comes from the editor's storage and may name paths.
      log.error('Your choice of folders could not be stored; it holds until this window closes.');
    }
  }

  private decide(asker: RootsAsker, asked = 0): RootsDecision {
    const { isTrusted } = this.ports.workspace;
    return decideRoots({
      rule: asker.rule,
      scope: asker.scope,
      workspaceTrusted: isTrusted,
      choice: this.choices.get(this.subjectOf(asker)),
      folders: this.ports.workspace.folders().map(({ uri }) => uri),
      asked,
    });
  }

  /** What asking would bring, as a text to compare. */
  private viewOf(asker: RootsAsker): string {
    const decision = this.decide(asker);
    if (decision.kind === 'ask') return 'a question';
    const uris = decision.kind === 'share' ? decision.uris : [];
    return JSON.stringify(this.foldersOf(uris).map(({ uri, name }) => [uri, name]));
  }

  private foldersOf(uris: readonly string[]): readonly WorkspaceFolder[] {
    return this.ports.workspace.folders().filter(({ uri }) => uris.includes(uri));
  }

  private subjectOf({ serverId, fingerprint }: RootsAsker): RootsSubject {
    return { serverId, fingerprint, workspace: this.ports.workspace.id };
  }

  private historyOf(serverId: string): QuestionHistory {
    const found = this.histories.get(serverId);
    if (found) return found;
    const made = new QuestionHistory(this.ports.clock, this.calls);
    this.histories.set(serverId, made);
    return made;
  }
}

const OUTCOME_TEXT: Readonly<Record<ConsentOutcome['kind'], string>> = {
  share: 'was answered',
  deny: 'was denied',
  expired: 'expired',
  withdrawn: 'was withdrawn',
  'allow-once': 'was withdrawn',
  'allow-edited': 'was withdrawn',
  'ask-again': 'was withdrawn',
  submit: 'was withdrawn',
  dismiss: 'was withdrawn',
  answer: 'was withdrawn',
};
