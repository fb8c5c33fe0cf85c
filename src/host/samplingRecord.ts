/** What is noted of one request for a model answer on its way, until it ends: how it ended, and what it cost. Nothing of its text. */

import type { RefusalCause } from '../policy/samplingDecision';
import { estimateSent } from '../policy/samplingSize';
import { estimateTokens } from '../policy/tokenEstimate';
import type { SamplingAnswer, SamplingRequest } from '../protocol/sampling';
import type { ConsentOutcome } from './consentQueue';
import type { ModelAnswer, ModelChoice, TokenUsage } from './ports';
import type { UsageCounts, UsageOutcome } from './usage';

/** The model that a request went to. */
type UsedModel = Pick<Extract<ModelChoice, { kind: 'model' }>, 'name' | 'vendor'>;

/** One request that has ended. */
export interface EndedRequest {
  readonly model: UsedModel | undefined;
  readonly counts: UsageCounts;
}

export class SamplingRecord {
  /** What nobody says anything else of is not waited for any more. */
  private outcome: UsageOutcome = 'withdrawn';
  private edited = false;
  private model: UsedModel | undefined;
  /** Of each time that a model was asked. */
  private readonly tokensIn: Tokens[] = [];
  private readonly tokensOut: Tokens[] = [];
  private ended = false;

  /** @param onEnd is called once */
  constructor(private readonly onEnd: (ended: EndedRequest) => void) {}

  /** Policy said no. */
  refused(cause: RefusalCause): void {
    this.outcome = `refused-${cause}`;
  }

  /** What the person said of the request, or that they said nothing. */
  decided(kind: ConsentOutcome['kind']): void {
    this.edited = kind === 'allow-edited';
    if (kind === 'deny') this.outcome = 'denied';
    else if (kind === 'answer') this.outcome = 'by-hand';
    else if (kind === 'expired') this.outcome = 'expired';
  }

  /** It goes to a model now, maybe once more. What it costs is an estimate until the model says more. */
  sent(model: UsedModel, request: SamplingRequest): void {
    this.model = model;
    this.tokensIn.push({ count: estimateSent(request), isEstimate: true });
  }

  /** There is no model, or it gave no answer. */
  failed(): void {
    this.outcome = 'failed';
  }

  /** The model answered. @returns the answer as it may go on: what it cost is no business of the server's */
  answered({ usage = {}, ...answer }: ModelAnswer): SamplingAnswer {
    this.count(usage, answer.text);
    return answer;
  }

  /** An answer of the model goes to the server. @param changed the person edited it */
  returned(changed = false): void {
    this.outcome = changed || this.edited ? 'edited' : 'answered';
  }

  /** What the person said of the model's answer, or that they said nothing. @param changed they edited it */
  reviewed(kind: ConsentOutcome['kind'], changed: boolean): void {
    if (kind === 'allow-once' || kind === 'answer') this.returned(changed);
    else if (kind === 'deny') this.outcome = 'answer-refused';
    else if (kind === 'expired') this.outcome = 'expired';
  }

  /** It has ended. Only the first time counts. */
  end(): void {
    if (this.ended) return;
    this.ended = true;
    const { model, outcome, tokensIn, tokensOut } = this;
    const estimates = [...tokensIn, ...tokensOut].filter(({ isEstimate }) => isEstimate);
    this.onEnd({
      model,
      counts: {
        outcomes: { [outcome]: 1 },
        tokensIn: sumOf(tokensIn),
        tokensOut: sumOf(tokensOut),
        estimated: sumOf(estimates),
      },
    });
  }

  private count({ input, output }: TokenUsage, text: string): void {
    if (isCount(input)) this.tokensIn.splice(-1, 1, { count: input, isEstimate: false });
    this.tokensOut.push(
      isCount(output)
        ? { count: output, isEstimate: false }
        : { count: estimateTokens(text), isEstimate: true },
    );
  }
}

interface Tokens {
  readonly count: number;
  readonly isEstimate: boolean;
}

function sumOf(tokens: readonly Tokens[]): number {
  return tokens.reduce((sum, { count }) => sum + count, 0);
}

/** Providers are foreign, too. */
function isCount(count: number | undefined): count is number {
  return count !== undefined && Number.isSafeInteger(count) && count >= 0;
}
