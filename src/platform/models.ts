/** The language models of this editor. Owns the conversation with `vscode.lm`. */

import * as vscode from 'vscode';

import { systemClock } from '../base/clock';
import { Emitter } from '../base/event';
import { ModelError, type ListedModel, type ModelAnswer, type OnText, type TokenUsage } from '../host/ports';
import { untilAborted } from '../host/untilAborted';
import { answerTokenLimit } from '../policy/modelChoice';
import { isEndpointKey } from '../policy/modelEndpoint';
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
import type { ModelSource } from './modelSource';

/** Providers may have to start before they can list their models; nobody waits for a broken one. */
const LIST_TIMEOUT_MS = 10_000;
/** Models that think may be silent for long. */
const SILENCE_MS = 300_000;

/** `vscode.lm` as a source of models. */
export class LanguageModels implements ModelSource, vscode.Disposable {
  /** What the editor's interface says of tools is less than a request may ask: it has no way to forbid their use. */
  readonly takesTools = false;
  private readonly changed = new Emitter<void>();
  private readonly access: vscode.LanguageModelAccessInformation;
  private readonly subscriptions: readonly vscode.Disposable[];

  /** The models, or the editor's own permissions for them, changed. */
  readonly onDidChange = this.changed.event;

  constructor(context: Pick<vscode.ExtensionContext, 'languageModelAccessInformation'>) {
    this.access = context.languageModelAccessInformation;
    this.subscriptions = [
      vscode.lm.onDidChangeChatModels(() => this.changed.fire()),
      this.access.onDidChange(() => this.changed.fire()),
    ];
  }

  owns(key: string): boolean {
    return !isEndpointKey(key);
  }

  whyNotSendable(request: SamplingRequest): string | undefined {
    return whyNotSendable(request, { images: imagePart() !== undefined });
  }

  async list(): Promise<readonly ListedModel[]> {
    return (await this.select()).map((model) => ({
      key: keyOf(model),
      id: model.id,
      name: model.name,
      vendor: model.vendor,
      family: model.family,
      allowedByEditor: this.access.canSendRequest(model) === true,
    }));
  }

  async send(
    key: string,
    request: SamplingRequest,
    signal: AbortSignal,
    onText?: OnText,
  ): Promise<ModelAnswer> {
    const model = (await this.select()).find((one) => keyOf(one) === key);
    if (!model) throw new ModelError('The model that you allowed is not available any more.');
    try {
      const answer = await this.converse(model, request, signal, onText);
      return { ...answer, usage: await usageOf(model, request, answer) };
    } catch (error) {
      throw toModelError(error, model.name);
    }
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.changed.dispose();
  }

  private async converse(
    model: vscode.LanguageModelChat,
    request: SamplingRequest,
    signal: AbortSignal,
    onText: OnText | undefined,
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
        onText,
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
  private async select(): Promise<readonly vscode.LanguageModelChat[]> {
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

/** The key that the setting knows a model by: ids are only unique within a vendor. */
function keyOf({ vendor, id }: Pick<vscode.LanguageModelChat, 'vendor' | 'id'>): string {
  return `${vendor}/${id}`;
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
