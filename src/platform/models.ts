/**
 * The language models of this editor as the host's port. Owns the conversation with `vscode.lm`; which model and which limits are
 * decided in `policy/modelChoice`, and whether anything is sent at all is decided by the person before this is called.
 */

import * as vscode from 'vscode';

import { systemClock } from '../base/clock';
import { Emitter } from '../base/event';
import {
  ModelError,
  type ModelAnswer,
  type ModelChoice,
  type ModelsPort,
  type TokenUsage,
} from '../host/ports';
import { untilAborted } from '../host/untilAborted';
import { answerTokenLimit, chooseModel, type ModelFacts } from '../policy/modelChoice';
import type { SamplingAnswer, SamplingRequest } from '../protocol/sampling';
import { readAnswer } from './modelAnswer';
import { toModelError } from './modelFailure';
import { countUsage } from './modelUsage';
import {
  toModelOptions,
  toPlainMessages,
  whyNotSendable,
  type PlainMessage,
  type PlainPart,
} from './modelMessages';

/** Providers may have to start before they can list their models; nobody waits for a broken one. */
const LIST_TIMEOUT_MS = 10_000;
/** Models that think may be silent for long. */
const SILENCE_MS = 300_000;

/** The models that the person selected, by server. */
interface PickedModels {
  samplingModel(serverId: string): string | undefined;
}

/** `vscode.lm` as the host sees it. */
export class LanguageModels implements ModelsPort, vscode.Disposable {
  private readonly changed = new Emitter<void>();
  private readonly failed = new Emitter<ModelError>();
  private readonly access: vscode.LanguageModelAccessInformation;
  private readonly subscriptions: readonly vscode.Disposable[];

  /** The models, or the editor's own permissions for them, changed. */
  readonly onDidChange = this.changed.event;
  /** An allowed request got no answer: the person is to be told, as the server learns nothing of why. */
  readonly onDidFail = this.failed.event;

  constructor(
    context: Pick<vscode.ExtensionContext, 'languageModelAccessInformation'>,
    private readonly settings: PickedModels,
  ) {
    this.access = context.languageModelAccessInformation;
    this.subscriptions = [
      vscode.lm.onDidChangeChatModels(() => this.changed.fire()),
      this.access.onDidChange(() => this.changed.fire()),
    ];
  }

  async choose(request: SamplingRequest, wanted: string | undefined, serverId: string): Promise<ModelChoice> {
    const obstacle = whyNotSendable(request, { images: imagePart() !== undefined });
    if (obstacle !== undefined) return { kind: 'none', reason: obstacle };
    const models = await this.list();
    const pick = chooseModel(models.map(factsOf), {
      picked: this.settings.samplingModel(serverId),
      wanted,
      preferences: request.preferences,
    });
    if (pick.kind === 'none') return pick;
    const model = models.find((one) => keyOf(one) === pick.model.key);
    return {
      kind: 'model',
      id: pick.model.key,
      name: pick.model.name,
      vendor: pick.model.vendor,
      why: pick.why,
      allowedByEditor: model !== undefined && this.access.canSendRequest(model) === true,
    };
  }

  async send(modelId: string, request: SamplingRequest, signal: AbortSignal): Promise<ModelAnswer> {
    let name = modelId;
    try {
      const obstacle = whyNotSendable(request, { images: imagePart() !== undefined });
      if (obstacle !== undefined) throw new ModelError(obstacle);
      const model = (await this.list()).find((one) => keyOf(one) === modelId);
      if (!model) throw new ModelError('The model that you allowed is not available any more.');
      name = model.name;
      const answer = await this.converse(model, request, signal);
      return { ...answer, usage: await usageOf(model, request, answer) };
    } catch (error) {
      const failure = toModelError(error, name);
      if (!signal.aborted) this.failed.fire(failure);
      throw failure;
    }
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.changed.dispose();
    this.failed.dispose();
  }

  private async converse(
    model: vscode.LanguageModelChat,
    request: SamplingRequest,
    signal: AbortSignal,
  ): Promise<SamplingAnswer> {
    const cancellation = new vscode.CancellationTokenSource();
    const onAbort = (): void => cancellation.cancel();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      // Old editors ignore the token, so an abort must end the wait by itself, too.
      const asked = model.sendRequest(
        toPlainMessages(request).map(toMessage),
        {
          justification: vscode.l10n.t('You allowed a request of an MCP server for a model answer.'),
          modelOptions: { ...toModelOptions(request) },
        },
        cancellation.token,
      );
      const response = await untilAborted(Promise.resolve(asked), signal);
      if (!response) throw new ModelError('The request was cancelled.');
      const answer = await readAnswer(response.text, {
        maxTokens: answerTokenLimit(request),
        stopSequences: request.stopSequences,
        countTokens: (text) => model.countTokens(text, cancellation.token),
        silenceMs: SILENCE_MS,
        signal,
        clock: systemClock,
      });
      return { role: 'assistant', model: model.name, ...answer };
    } finally {
      signal.removeEventListener('abort', onAbort);
      // Also ends a stream of which no more is wanted.
      cancellation.cancel();
      cancellation.dispose();
    }
  }

  /** @throws ModelError when the editor cannot list its models. */
  private async list(): Promise<readonly vscode.LanguageModelChat[]> {
    let timer: { dispose(): void } | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = systemClock.schedule(LIST_TIMEOUT_MS, () =>
        reject(new ModelError('The editor did not list its language models in time.')),
      );
    });
    try {
      return await Promise.race([vscode.lm.selectChatModels(), late]);
    } catch (error) {
      throw error instanceof ModelError
        ? error
        : new ModelError('The editor could not list its language models.');
    } finally {
      timer?.dispose();
    }
  }
}

/** The key that the setting and {@link ModelChoice} know a model by: ids are only unique within a vendor. */
function keyOf({ vendor, id }: Pick<vscode.LanguageModelChat, 'vendor' | 'id'>): string {
  return `${vendor}/${id}`;
}

function factsOf(model: vscode.LanguageModelChat): ModelFacts {
  const { id, name, vendor, family } = model;
  return { key: keyOf(model), id, name, vendor, family };
}

/** Counted when the conversation is over, so that no model goes on meanwhile. */
async function usageOf(
  model: vscode.LanguageModelChat,
  request: SamplingRequest,
  { text }: SamplingAnswer,
): Promise<TokenUsage> {
  const sent = toPlainMessages(request).map((message) => ({
    characters: charactersOf(message),
    count: () => model.countTokens(toMessage(message)),
  }));
  const answered = { characters: text.length, count: () => model.countTokens(text) };
  return await countUsage(sent, answered, systemClock);
}

function charactersOf({ parts }: PlainMessage): number {
  return parts.reduce((sum, part) => sum + (part.kind === 'text' ? part.text.length : 0), 0);
}

type ImagePart = (data: Uint8Array, mimeType: string) => vscode.LanguageModelInputPart;

/** Images came to the model interface after the oldest editor that is supported. */
function imagePart(): ImagePart | undefined {
  const { LanguageModelDataPart: part } = vscode as {
    readonly LanguageModelDataPart?: { readonly image?: ImagePart };
  };
  return typeof part?.image === 'function' ? part.image.bind(part) : undefined;
}

function toMessage({ role, parts }: PlainMessage): vscode.LanguageModelChatMessage {
  const { User, Assistant } = vscode.LanguageModelChatMessageRole;
  return new vscode.LanguageModelChatMessage(role === 'user' ? User : Assistant, parts.map(toPart));
}

function toPart(part: PlainPart): vscode.LanguageModelInputPart {
  if (part.kind === 'text') return new vscode.LanguageModelTextPart(part.text);
  const make = imagePart();
  if (!make) throw new ModelError('This version of the editor cannot pass images to a model.');
  return make(part.data, part.mimeType);
}
