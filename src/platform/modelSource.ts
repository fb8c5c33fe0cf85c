/** A place where models are: the editor, or an endpoint of the person's. */

import type { Event } from '../base/event';
import type { ListedModel, ModelAnswer, OnText } from '../host/ports';
import type { SamplingRequest } from '../protocol/sampling';

export interface ModelSource {
  readonly onDidChange: Event<void>;
  /** Whether it has models to which the tools of a request can be passed. */
  readonly takesTools: boolean;
  /** Whether a key may be one of its models. */
  owns(key: string): boolean;
  /** Why none of its models can be asked this, in a sentence for the person; undefined when they can. */
  whyNotSendable(request: SamplingRequest): string | undefined;
  /** @throws ModelError */
  list(): Promise<readonly ListedModel[]>;
  /**
   * @param key of a model of its own
   * @throws whatever it fails with; a ModelError where it knows why
   */
  send(key: string, request: SamplingRequest, signal: AbortSignal, onText?: OnText): Promise<ModelAnswer>;
}
