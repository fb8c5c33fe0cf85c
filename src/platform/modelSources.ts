/**
 * All sources of models as the host's one port: the editor's models first, then those of the person's endpoint. Which model and which
 * limits are decided in `policy/modelChoice`; whether anything is sent at all is decided by the person before this is called.
 */

import type { Disposable } from '../base/disposable';
import { Emitter } from '../base/event';
import {
  ModelError,
  type ListedModel,
  type ModelAnswer,
  type ModelChoice,
  type ModelsPort,
  type OnText,
} from '../host/ports';
import { chooseModel } from '../policy/modelChoice';
import { safe, safeText } from '../policy/safeText';
import type { SamplingRequest } from '../protocol/sampling';
import { toModelError } from './modelFailure';
import type { ModelSource } from './modelSource';

/** The models that the person selected, by server. */
interface PickedModels {
  samplingModel(serverId: string): string | undefined;
}

/** What one source has. */
interface Listed {
  readonly source: ModelSource;
  readonly models: readonly ListedModel[];
  /** Why it could not be listed. */
  readonly problem?: string;
}

export class ModelSources implements ModelsPort, Disposable {
  private readonly changed = new Emitter<void>();
  private readonly failed = new Emitter<ModelError>();
  private readonly subscriptions: readonly Disposable[];

  /** The models, or the editor's own permissions for them, changed. */
  readonly onDidChange = this.changed.event;
  /** An allowed request got no answer: the person is to be told, as the server learns nothing of why. */
  readonly onDidFail = this.failed.event;

  /** @param sources in the order in which their models are chosen */
  constructor(
    private readonly sources: readonly ModelSource[],
    private readonly settings: PickedModels,
  ) {
    this.subscriptions = sources.map((source) => source.onDidChange(() => this.changed.fire()));
  }

  get takesTools(): boolean {
    return this.sources.some((source) => source.takesTools);
  }

  async list(request?: SamplingRequest): ReturnType<ModelsPort['list']> {
    const listed = (await this.listAll()).map(({ source, models, problem }) => {
      const obstacle = request && models.length > 0 ? source.whyNotSendable(request) : undefined;
      return obstacle === undefined ? { models, problem } : { models: [], problem: obstacle };
    });
    return {
      models: listed.flatMap(({ models }) => models),
      problems: listed.flatMap(({ problem }) => problem ?? []),
    };
  }

  async choose(request: SamplingRequest, wanted: string | undefined, serverId: string): Promise<ModelChoice> {
    const listed = await this.listAll();
    const picked = this.settings.samplingModel(serverId);
    const able = listed.filter(({ source }) => source.whyNotSendable(request) === undefined);
    const models = able.flatMap((one) => one.models);
    const pick = chooseModel(models, { picked, wanted, preferences: request.preferences });
    if (pick.kind === 'none') {
      const others = obstacles(listed, request, picked);
      // That there is none says less than why those that there are cannot be asked.
      const own = models.length === 0 && others.length > 0 ? [] : [pick.reason];
      return { kind: 'none', reason: [...own, ...others].join(' ') };
    }
    const { key, name, vendor } = pick.model;
    const model = models.find((one) => one.key === key);
    const { endpointHost } = model ?? {};
    const isAtEndpoint = endpointHost !== undefined;
    return {
      kind: 'model',
      id: key,
      name,
      vendor,
      why: isAtEndpoint
        ? safe`${pick.why} It is at ${safeText(endpointHost, 200)}, the model endpoint of your settings.`
        : pick.why,
      allowedByEditor: model?.allowedByEditor === true,
      ...(isAtEndpoint ? { systemRole: true } : {}),
    };
  }

  async send(
    modelId: string,
    request: SamplingRequest,
    signal: AbortSignal,
    onText?: OnText,
  ): Promise<ModelAnswer> {
    try {
      const source = this.sources.find((one) => one.owns(modelId));
      if (!source) throw new ModelError('The model that you allowed is not available any more.');
      const obstacle = source.whyNotSendable(request);
      if (obstacle !== undefined) throw new ModelError(obstacle);
      return await source.send(modelId, request, signal, onText);
    } catch (error) {
      const failure = toModelError(error, modelId);
      if (!signal.aborted) this.failed.fire(failure);
      throw failure;
    }
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.changed.dispose();
    this.failed.dispose();
  }

  private async listAll(): Promise<readonly Listed[]> {
    return await Promise.all(
      this.sources.map(async (source): Promise<Listed> => {
        try {
          return { source, models: await source.list() };
        } catch (error) {
          const problem = error instanceof ModelError ? error.forPerson : 'Some models could not be listed.';
          return { source, models: [], problem };
        }
      }),
    );
  }
}

/** Why models that there are, or may be, are not asked: of all sources, or of the one of which the person picked a model. */
function obstacles(
  listed: readonly Listed[],
  request: SamplingRequest,
  picked: string | undefined,
): readonly string[] {
  return listed
    .filter(({ source }) => picked === undefined || source.owns(picked))
    .flatMap(({ source, models, problem }) => {
      const obstacle = models.length > 0 ? source.whyNotSendable(request) : undefined;
      return problem ?? obstacle ?? [];
    });
}
