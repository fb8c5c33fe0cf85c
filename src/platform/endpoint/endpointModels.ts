/**
 * The person's own model endpoint as a source of models: which there are, and which key belongs to it. What is said to it and heard from it
 * is in `conversation.ts`, which is loaded when it is first asked.
 */

import type { Clock } from '../../base/clock';
import type { Event } from '../../base/event';
import {
  ModelError,
  type ListedModel,
  type NetworkPort,
  type OnText,
  type SecretsPort,
} from '../../host/ports';
import {
  endpointKey,
  endpointModel,
  isEndpointKey,
  readEndpoint,
  type EndpointSetting,
  type ModelEndpoint,
} from '../../policy/modelEndpoint';
import type { SamplingAnswer, SamplingRequest } from '../../protocol/sampling';
import type { ModelSource } from '../modelSource';
import { whyNotSendable } from './chatLimits';
import type * as Conversation from './conversation';

/** What the person's settings say of it. No workspace has a say in them (T007). */
interface EndpointSettings {
  readonly onDidChange: Event<void>;
  readonly samplingEndpoint: unknown;
  readonly samplingEndpointModels: unknown;
}

const MISSING =
  'A part of MCP Host is missing, most likely because it was updated meanwhile. Reload the window, and try again.';

export class EndpointModels implements ModelSource {
  readonly onDidChange: Event<void>;

  constructor(
    private readonly settings: EndpointSettings,
    private readonly network: NetworkPort,
    private readonly secrets: SecretsPort,
    private readonly clock: Clock,
  ) {
    this.onDidChange = settings.onDidChange;
  }

  /** What is set up now. */
  get setting(): EndpointSetting {
    const { samplingEndpoint: url, samplingEndpointModels: models } = this.settings;
    return readEndpoint(url, models, this.network.insecureHosts());
  }

  get takesTools(): boolean {
    return this.setting.kind === 'usable';
  }

  owns(key: string): boolean {
    return isEndpointKey(key);
  }

  whyNotSendable(request: SamplingRequest): string | undefined {
    return whyNotSendable(request);
  }

  async list(): Promise<readonly ListedModel[]> {
    const { setting } = this;
    if (setting.kind === 'none') return [];
    const endpoint = usable(setting);
    const { listModels } = await conversation();
    const ids = endpoint.models.length > 0 ? endpoint.models : await listModels(await this.access(endpoint));
    return ids.map((id) => ({
      key: endpointKey(endpoint, id),
      id,
      name: id,
      vendor: endpoint.host,
      family: id.split(/[:/@]/)[0] ?? id,
      allowedByEditor: true,
      endpointHost: endpoint.host,
    }));
  }

  async send(
    key: string,
    request: SamplingRequest,
    signal: AbortSignal,
    onText?: OnText,
  ): Promise<SamplingAnswer> {
    const endpoint = usable(this.setting);
    const model = endpointModel(endpoint, key);
    if (model === undefined) throw new ModelError('The model that you allowed is not available any more.');
    const { converse } = await conversation();
    return await converse(await this.access(endpoint), model, request, signal, onText);
  }

  /** Keeps a key for an origin, or forgets it. @throws Error when the secret storage does */
  async setKey(origin: string, key: string | undefined): Promise<void> {
    await (key === undefined
      ? this.secrets.delete(secretName(origin))
      : this.secrets.set(secretName(origin), key));
  }

  /** @throws Error when the secret storage does */
  async hasKey(origin: string): Promise<boolean> {
    return (await this.secrets.get(secretName(origin))) !== undefined;
  }

  private async access(endpoint: ModelEndpoint): Promise<Conversation.EndpointAccess> {
    return { endpoint, key: await this.keyOf(endpoint), network: this.network.read(), clock: this.clock };
  }

  private async keyOf({ origin }: ModelEndpoint): Promise<string | undefined> {
    try {
      return await this.secrets.get(secretName(origin));
    } catch {
      throw new ModelError(
        'The key of the model endpoint could not be read: the secret storage does not answer.',
      );
    }
  }
}

/** A key is kept for the place it goes to, so that an address that is set later never gets it. */
function secretName(origin: string): string {
  return `modelEndpointKey:${origin}`;
}

function usable(setting: EndpointSetting): ModelEndpoint {
  if (setting.kind === 'usable') return setting.endpoint;
  throw new ModelError(
    setting.kind === 'none' ? 'The model that you allowed is not available any more.' : setting.reason,
  );
}

async function conversation(): Promise<typeof Conversation> {
  try {
    return await import('./conversation');
  } catch {
    throw new ModelError(MISSING);
  }
}
