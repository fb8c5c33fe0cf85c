/**
 * The person's rules about requests for model answers: those of this session in memory, the others outside every workspace, each with what
 * was used of it. What a rule covers is decided in `policy/samplingGrants`; who may make one is decided here (T007, T137).
 */

import type { Clock } from '../base/clock';
import { Emitter } from '../base/event';
import type { JsonValue } from '../base/json';
import type { Logger } from '../base/log';
import type { SamplingReply } from '../client/contract';
import type { SamplingRequest } from '../protocol/sampling';
import {
  appliesTo,
  decideGrant,
  isWithinLimits,
  recentUses,
  type GrantBounds,
  type GrantExtra,
  type GrantFacts,
  type GrantOffer,
  type GrantScope,
  type SamplingGrant,
} from '../policy/samplingGrants';
import { estimateMost, extrasOf } from '../policy/samplingSize';
import { readGrant, storedGrant } from '../policy/storedGrants';
import type { CallCause } from './callCause';
import type { HostPorts, ModelChoice } from './ports';

/** Ends with the version of the record: what another version wrote is not read, and not overwritten either (T172). */
const KEY = 'samplingGrants/1';
const MAX_GRANTS = 100;

/** The server that asks. */
export interface GrantAsker {
  readonly serverId: string;
  readonly serverName: string;
  /** Of the launch that runs. */
  readonly fingerprint: string;
  /** Its entry is the person's own. */
  readonly isOwn: boolean;
}

/** What a person chose when making a rule of a request. */
export interface GrantTerms {
  readonly scope: GrantScope['kind'];
  /** Only for the tool that led to the request. */
  readonly onlyTool: boolean;
  /** Only for the model that was shown. */
  readonly onlyModel: boolean;
  readonly bounds: GrantBounds;
  readonly covers: readonly GrantExtra[];
  /** Milliseconds; without it the rule lasts as long as its scope. */
  readonly lastsMs?: number;
}

/** What rules say of a request. */
type GrantLook =
  | { readonly kind: 'covered'; readonly grant: SamplingGrant; readonly tokens: number }
  /** Without an offer no rule may be made of it. */
  | { readonly kind: 'ask'; readonly offer?: GrantOffer };

type GrantPorts = Pick<HostPorts, 'clock' | 'decisions' | 'workspace' | 'machine' | 'log'>;

export class SamplingGrants {
  private readonly clock: Clock;
  private readonly log: Logger;
  private sessionToken: string | undefined;
  private ofSession: readonly SamplingGrant[] = [];
  /** Requests that are with a model, or wait for a review of its answer, by the rule that let them go there. */
  private readonly running = new Map<string, Set<AbortController>>();
  /** Another window may write back what it had read before. */
  private readonly revoked = new Set<string>();
  private readonly changed = new Emitter<void>();

  /** A rule came, went or was used. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly ports: GrantPorts) {
    this.clock = ports.clock;
    this.log = ports.log;
  }

  /** The rules that have not ended, oldest first. Those of other workspaces are among them. */
  list(): readonly SamplingGrant[] {
    return [...this.stored(), ...this.ofSession].sort((a, b) => a.since - b.since);
  }

  /** True for a rule that may hold in this window. */
  isHere({ scope }: SamplingGrant): boolean {
    return scope.kind !== 'workspace' || scope.workspace === this.workspace;
  }

  /** Rules about the server and the place of a request, whether or not they cover it. */
  about(facts: GrantFacts): readonly SamplingGrant[] {
    return this.list().filter((grant) => appliesTo(grant, facts));
  }

  /** Whether a rule covers a request, or whether the person could make one of it. */
  look(asker: GrantAsker, request: SamplingRequest, model: ModelChoice, cause: CallCause): GrantLook {
    // No server of a workspace that is not trusted runs; were there one, nothing would be granted to it.
    if (!this.ports.workspace.isTrusted) return { kind: 'ask' };
    const facts: GrantFacts = {
      fingerprint: asker.fingerprint,
      workspace: this.workspace,
      session: this.session,
      cause: causeOf(cause),
      model: model.kind === 'model' ? model.id : undefined,
      tokens: estimateMost(request),
      extras: extrasOf(request),
    };
    const decision = decideGrant(this.list(), facts, this.clock.wall());
    if (decision.kind === 'covered') return { kind: 'covered', grant: decision.grant, tokens: facts.tokens };
    const { reason } = decision;
    return {
      kind: 'ask',
      offer: { facts, isOwn: asker.isOwn, ...(reason === undefined ? {} : { whyAsked: reason }) },
    };
  }

  /**
   * The rule that these terms make of a request.
   * @returns undefined when there can be none: the terms were checked where they were typed, so somebody else made them up
   */
  make(
    who: { readonly serverId: string; readonly serverName: string },
    { facts, isOwn }: GrantOffer,
    model: ModelChoice,
    terms: GrantTerms,
  ): SamplingGrant | undefined {
    const { bounds, covers, lastsMs } = terms;
    const scope = this.scopeOf(terms.scope, facts, isOwn);
    const { cause } = facts;
    if (!scope || model.kind !== 'model' || !isWithinLimits(bounds)) return undefined;
    if (terms.onlyTool && cause.kind !== 'tool') return undefined;
    if (lastsMs !== undefined && !(lastsMs > 0 && Number.isFinite(lastsMs))) return undefined;
    const since = this.clock.wall();
    return {
      id: this.ports.machine.randomToken(),
      fingerprint: facts.fingerprint,
      serverId: who.serverId,
      serverName: who.serverName,
      scope,
      ...(terms.onlyTool && cause.kind === 'tool' ? { tool: cause.name } : {}),
      ...(terms.onlyModel ? { model: { key: model.id, name: model.name } } : {}),
      bounds,
      covers,
      since,
      ...(lastsMs === undefined ? {} : { until: since + lastsMs }),
      uses: [],
    };
  }

  /** Adds a rule, which counts from now on. Beyond a hundred the oldest goes. @throws what the store throws: then there is no rule */
  async add(grant: SamplingGrant): Promise<void> {
    if (grant.scope.kind === 'session') {
      this.ofSession = [...this.ofSession, grant].slice(-MAX_GRANTS);
      this.changed.fire();
      return;
    }
    try {
      await this.write([...this.stored(), grant].slice(-MAX_GRANTS));
    } catch (error) {
      this.drop([grant.id]);
      throw error;
    }
  }

  /** Takes a rule back, and with it what goes on under it. @throws what the store throws; it does not count in this window all the same */
  async revoke(id: string): Promise<void> {
    await this.revokeEach([id]);
  }

  /** Takes all of them back. @throws as {@link revoke} */
  async revokeAll(): Promise<void> {
    await this.revokeEach(this.list().map((grant) => grant.id));
  }

  /**
   * Does what a rule covers, and counts it. Revoking the rule aborts it, and then the server gets nothing: also where another window
   * revoked it meanwhile.
   */
  async under(
    { grant, tokens }: Extract<GrantLook, { kind: 'covered' }>,
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<SamplingReply>,
  ): Promise<SamplingReply> {
    const { id } = grant;
    const taken = new AbortController();
    const others = this.running.get(id) ?? new Set();
    this.running.set(id, others.add(taken));
    try {
      this.count(id, tokens);
      const reply = await work(AbortSignal.any([signal, taken.signal]));
      return this.list().some((one) => one.id === id) ? reply : { kind: 'rejected' };
    } finally {
      others.delete(taken);
      if (others.size === 0) this.running.delete(id);
    }
  }

  /** Before anything is sent: what is on its way counts, however it ends. */
  private count(id: string, tokens: number): void {
    const at = this.clock.wall();
    const used = (grant: SamplingGrant): SamplingGrant =>
      grant.id === id ? { ...grant, uses: [...recentUses(grant.uses, at), { at, tokens }] } : grant;
    if (this.ofSession.some((grant) => grant.id === id)) {
      this.ofSession = this.ofSession.map(used);
      this.changed.fire();
      return;
    }
    this.write(this.stored().map(used)).catch(() => {
      // Its bounds could not hold. The reason comes from the editor's storage and may name paths.
      this.drop([id]);
      this.log.error('What was used of a rule for model requests could not be stored; the rule ends.');
    });
  }

  private async revokeEach(ids: readonly string[]): Promise<void> {
    this.drop(ids);
    await this.write(this.stored());
  }

  /** From now on these do not count in this window, whatever is stored. */
  private drop(ids: readonly string[]): void {
    for (const id of ids) this.revoked.add(id);
    this.ofSession = this.ofSession.filter(({ id }) => !this.revoked.has(id));
    for (const id of ids) for (const taken of this.running.get(id) ?? []) taken.abort();
    this.changed.fire();
  }

  /** What stands in the store counts, so that what another window did is seen. */
  private stored(): readonly SamplingGrant[] {
    const stored = this.ports.decisions.get(KEY);
    const values: readonly unknown[] = Array.isArray(stored) ? stored : [];
    const now = this.clock.wall();
    return values.flatMap((value) => {
      const grant = readGrant(value);
      if (!grant || this.revoked.has(grant.id)) return [];
      // One that ends while a request is with the model still allows that request.
      return grant.until === undefined || grant.until > now || this.running.has(grant.id) ? [grant] : [];
    });
  }

  private async write(grants: readonly SamplingGrant[]): Promise<void> {
    const now = this.clock.wall();
    const done = this.ports.decisions.set(
      KEY,
      grants.map((grant): JsonValue => storedGrant(grant, now)),
    );
    this.changed.fire();
    await done;
  }

  /** Unguessable, so that no stored rule is one of this session. */
  private get session(): string {
    return (this.sessionToken ??= this.ports.machine.randomToken());
  }

  private get workspace(): string {
    return this.ports.workspace
      .folders()
      .map(({ uri }) => uri)
      .join('\n');
  }

  private scopeOf(
    kind: GrantScope['kind'],
    { session, workspace }: GrantFacts,
    isOwn: boolean,
  ): GrantScope | undefined {
    switch (kind) {
      case 'session':
        return { kind, session };
      case 'workspace':
        return workspace === '' ? undefined : { kind, workspace };
      case 'always':
        // A server that a workspace defines is another one in every workspace.
        return isOwn ? { kind } : undefined;
    }
  }
}

/** Only what is certain counts. */
function causeOf(cause: CallCause): GrantFacts['cause'] {
  const { call } = cause;
  if (call) return call.kind === 'tool' ? { kind: 'tool', name: call.target } : { kind: 'other-call' };
  return { kind: cause.running.length === 0 ? 'none' : 'uncertain' };
}
