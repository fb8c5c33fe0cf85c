/** Values of `${input:…}` variables: asked once, passwords kept in the secret store, plain ones with the workspace. */

import type { ServerDefinition } from './definitions';
import { guardedSecrets } from './guardedSecrets';
import type { InputDefinition, InputPromptPort, SecretsPort, SettingsPort, StatePort } from './ports';
import { Turns } from './turns';
import { untilAborted } from './untilAborted';

const PLAIN_KEY = 'inputs';

/** A value, and whether it must never be shown. */
interface InputValue {
  readonly value: string;
  readonly secret: boolean;
}

export class Inputs {
  /** The person is asked one thing at a time. */
  private readonly turns = new Turns();

  constructor(
    private readonly settings: SettingsPort,
    private readonly secrets: SecretsPort,
    private readonly memory: StatePort,
    private readonly prompt: InputPromptPort,
    private readonly sha256: (text: string) => string,
  ) {}

  /**
   * The value of one input, asking the person when there is none yet: one question at a time, and never twice for the same input.
   * @param place URI of the workspace or folder that holds the definition, so that one workspace never reads another's.
   * @returns undefined when there is no such input, the person dismissed the question, or `signal` aborted.
   * @throws FailureError when the secret store fails: that is never the same as "no value".
   */
  async value(
    definition: ServerDefinition,
    id: string,
    place: string,
    signal: AbortSignal,
  ): Promise<InputValue | undefined> {
    const input = this.settings.inputs(definition.scope).find((candidate) => candidate.id === id);
    if (!input) return undefined;
    const key = this.key(definition, id, place);
    return await untilAborted(this.find(definition, input, key, signal), signal);
  }

  /** The value of one input that was given before; asks nobody. @throws FailureError when the secret store fails */
  async known(definition: ServerDefinition, id: string, place: string): Promise<InputValue | undefined> {
    const input = this.settings.inputs(definition.scope).find((candidate) => candidate.id === id);
    const value = input && (await this.stored(input, this.key(definition, id, place)));
    return value === undefined ? undefined : { value, secret: input?.password ?? false };
  }

  /** Forgets what was given for the inputs of one scope, so that they are asked again. @throws FailureError when the secret store fails */
  async forget(definition: ServerDefinition, place: string): Promise<void> {
    for (const input of this.settings.inputs(definition.scope)) {
      const key = this.key(definition, input.id, place);
      if (input.password) await guarded(this.secrets.delete(key));
      else await this.memory.set(`${PLAIN_KEY}/${key}`, undefined);
    }
  }

  private async find(
    definition: ServerDefinition,
    input: InputDefinition,
    key: string,
    signal: AbortSignal,
  ): Promise<InputValue | undefined> {
    const known = await this.stored(input, key);
    if (known !== undefined) return { value: known, secret: input.password };
    const given = await this.turns.take(
      // The question before may have been about the same input.
      async () => (await this.stored(input, key)) ?? (await this.ask(definition, input, key, signal)),
    );
    return given === undefined ? undefined : { value: given, secret: input.password };
  }

  private async ask(
    definition: ServerDefinition,
    input: InputDefinition,
    key: string,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    if (signal.aborted) return undefined;
    const given = await untilAborted(this.prompt.ask(input, definition.name, signal), signal);
    if (given === undefined) return undefined;
    if (input.password) await guarded(this.secrets.set(key, given));
    else await this.memory.set(`${PLAIN_KEY}/${key}`, given);
    return given;
  }

  private async stored(input: InputDefinition, key: string): Promise<string | undefined> {
    if (input.password) return await guarded(this.secrets.get(key));
    const stored = this.memory.get(`${PLAIN_KEY}/${key}`);
    return typeof stored === 'string' ? stored : undefined;
  }

  private key({ scope }: ServerDefinition, id: string, place: string): string {
    return `input/${this.sha256(JSON.stringify([scope.kind, place, id]))}`;
  }
}

function guarded<T>(work: Promise<T>): Promise<T> {
  return guardedSecrets(work, "the server's inputs are not known");
}
