/**
 * Follows one request for a model answer from its question to its end, and knows what else waits. Owns which one is followed; decides
 * nothing, and knows nothing of how it is shown.
 */

import { DisposableStore } from '../../base/disposable';
import { Emitter } from '../../base/event';
import type { ConsentChange, ConsentQueue } from '../../host/consentQueue';
import type { RunChange, SamplingRun, SamplingRuns } from '../../host/samplingRuns';
import { safe, safeText, type SafeText } from '../../policy/safeText';
import { outcomeText } from '../../presentation/consentTexts';
import { isSamplingEntry, type SamplingEntry, type SamplingStage } from '../../presentation/samplingStage';

/** What changed: the stage or what else waits, or only that the model has said more. */
type DeskChange = 'stage' | 'said';

export class SamplingDesk {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new Emitter<DeskChange>());
  private current: number | undefined;
  /** What the followed request is when it neither waits nor is with a model. */
  private between: SamplingStage | undefined;

  readonly onDidChange = this.changed.event;

  constructor(
    private readonly consent: Pick<ConsentQueue, 'entries' | 'onDidChange'>,
    private readonly runs: Pick<SamplingRuns, 'of' | 'onDidChange'>,
  ) {
    this.store.add(consent.onDidChange((change) => this.onQueue(change)));
    this.store.add(runs.onDidChange((change) => this.onRun(change)));
  }

  /** The one that is followed. */
  get conversation(): number | undefined {
    return this.current;
  }

  /** Follows another request. */
  follow(conversation: number): void {
    this.current = conversation;
    this.between = undefined;
    this.changed.fire('stage');
  }

  /** Follows none any more. */
  leave(): void {
    this.current = undefined;
    this.between = undefined;
  }

  /** The oldest one that waits, whichever is followed now. @returns whether there is one */
  followNext(): boolean {
    const [next] = this.waiting;
    if (next) this.follow(next.subject.conversation);
    return next !== undefined;
  }

  /** Everything about sampling that waits, oldest first. */
  get waiting(): readonly SamplingEntry[] {
    return this.consent.entries().filter(isSamplingEntry);
  }

  /** How far the followed request is; undefined when it is over for whoever decided it. */
  get stage(): SamplingStage | undefined {
    const { current } = this;
    if (current === undefined) return undefined;
    const entry = this.waiting.find(({ subject }) => subject.conversation === current);
    if (entry) return stageOf(entry);
    const run = this.runs.of(current);
    return run ? workingStage(run) : this.between;
  }

  dispose(): void {
    this.store.dispose();
  }

  private onQueue(change: ConsentChange): void {
    const { entry } = change;
    if (!isSamplingEntry(entry)) return;
    if (change.kind === 'settled' && entry.subject.conversation === this.current)
      this.between = afterDecision(change, entry);
    this.changed.fire('stage');
  }

  private onRun(change: RunChange): void {
    const { facts } = change.run;
    if (facts.conversation !== this.current) return;
    if (change.kind === 'said') return this.changed.fire('said');
    if (change.kind === 'ended') this.between = afterRun(change);
    this.changed.fire('stage');
  }
}

type Asked = Extract<SamplingStage, { kind: 'asked' }>['entry'];

function stageOf(entry: SamplingEntry): SamplingStage {
  return isAsked(entry) ? { kind: 'asked', entry } : { kind: 'answered', entry };
}

function isAsked(entry: SamplingEntry): entry is Asked {
  return entry.subject.kind === 'sampling';
}

function workingStage({ facts, text }: SamplingRun): SamplingStage {
  const { conversation, serverName, request, cause, model } = facts;
  return { kind: 'working', conversation, serverName, request, cause, modelName: model.name, text };
}

/** A person who decided goes on with something else; one who did not is told. */
function afterDecision(
  { outcome }: Extract<ConsentChange, { kind: 'settled' }>,
  entry: SamplingEntry,
): SamplingStage | undefined {
  const { serverName, subject } = entry;
  const { conversation, request, cause } = subject;
  switch (outcome.kind) {
    case 'allow-once':
    case 'allow-edited':
    case 'ask-again': {
      if (subject.kind === 'sampling-answer' && outcome.kind !== 'ask-again') return undefined;
      const sent = outcome.kind === 'allow-edited' ? outcome.request : request;
      // It goes to the model in a moment.
      return {
        kind: 'working',
        conversation,
        serverName,
        request: sent,
        cause,
        modelName: undefined,
        text: '',
      };
    }
    case 'expired':
    case 'withdrawn':
      return { kind: 'over', conversation, serverName, text: outcomeText(outcome, subject.kind) };
    default:
      return undefined;
  }
}

function afterRun({ run, end }: Extract<RunChange, { kind: 'ended' }>): SamplingStage | undefined {
  const { conversation, serverName } = run.facts;
  const over = (text: SafeText): SamplingStage => ({ kind: 'over', conversation, serverName, text });
  switch (end.kind) {
    case 'answered':
      // It waits in a moment.
      return workingStage(run);
    case 'returned':
      return over(
        safe`The server got the model's answer. Answers for it are not reviewed, as your settings or its entry say.`,
      );
    case 'failed':
      return over(safe`The model gave no answer. ${safeText(end.reason)} The server got an error.`);
    case 'withdrawn':
      return over(
        safe`It was withdrawn: the server, or the call behind it, is not waiting any more. The server got nothing of the answer.`,
      );
  }
}
