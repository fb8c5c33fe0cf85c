/** Values of `${input:…}` variables: asked once, passwords kept in the secret store, plain ones with the workspace. */

import type { ServerDefinition } from './definitions';
import type { InputDefinition, InputPromptPort, SecretsPort, SettingsPort, StatePort } from './ports';

const PLAIN_KEY = 'inputs';

/** A value, and whether it must never be shown. */
export interface InputValue {
  readonly value: string;
  readonly secret: boolean;
}

export class Inputs {
  constructor(
    private readonly settings: SettingsPort,
    private readonly secrets: SecretsPort,
    private readonly memory: StatePort,
    private readonly prompt: InputPromptPort,
    private readonly sha256: (text: string) => string,
  ) {}

  /**
   * The value of one input, asking the person when there is none yet.
   * @param place URI of the workspace or folder that holds the definition, so that one workspace never reads another's.
   * @returns undefined when there is no such input or the person dismissed the question.
   * @throws Error when the secret store cannot be read: that is never the same as "no value".
   */
  async value(definition: ServerDefinition, id: string, place: string): Promise<InputValue | undefined> {
    const input = this.settings.inputs(definition.scope).find((candidate) => candidate.id === id);
    if (!input) return undefined;
    const key = this.key(definition, id, place);
    const stored = input.password ? await this.secrets.get(key) : this.readPlain(key);
    if (stored !== undefined) return { value: stored, secret: input.password };
    const given = await this.prompt.ask(input, definition.name);
    if (given === undefined) return undefined;
    await this.store(input, key, given);
    return { value: given, secret: input.password };
  }

  /** Forgets what was given for the inputs of one scope, so that they are asked again. */
  async forget(definition: ServerDefinition, place: string): Promise<void> {
    for (const input of this.settings.inputs(definition.scope)) {
      const key = this.key(definition, input.id, place);
      if (input.password) await this.secrets.delete(key);
      else await this.memory.set(`${PLAIN_KEY}/${key}`, undefined);
    }
  }

  private async store(input: InputDefinition, key: string, value: string): Promise<void> {
    if (input.password) await this.secrets.set(key, value);
    else await this.memory.set(`${PLAIN_KEY}/${key}`, value);
  }

  private readPlain(key: string): string | undefined {
    const stored = this.memory.get(`${PLAIN_KEY}/${key}`);
    return typeof stored === 'string' ? stored : undefined;
  }

  private key({ scope }: ServerDefinition, id: string, place: string): string {
    return `input/${this.sha256(JSON.stringify([scope.kind, place, id]))}`;
  }
}
