/**
 * Which language model answers a server's request, and how much it may say. Pure: models come in as plain facts, and the reason
 * goes out as a sentence for the person. A server's wishes only order what is there; they never add a model or grant anything.
 */

import type { ModelPreferences, SamplingRequest } from '../protocol/sampling';
import { safe, safeText, type SafeText } from './safeText';

/** What is known of a model. `key` is unique in this editor. */
export interface ModelFacts {
  readonly key: string;
  readonly id: string;
  readonly name: string;
  readonly vendor: string;
  readonly family: string;
}

/** What the choice depends on. */
export interface ModelWish {
  /** The key or id of the model that the person picked for this server. */
  readonly picked?: string | undefined;
  /** Narrows to models whose id, family, name or vendor contains it (the entry's `sampling.model`). */
  readonly wanted?: string | undefined;
  readonly preferences: ModelPreferences;
}

/** The model, or why there is none. */
type ModelPick =
  | { readonly kind: 'model'; readonly model: ModelFacts; readonly why: SafeText }
  | { readonly kind: 'none'; readonly reason: SafeText };

/** Longest answer that is asked of a model, in tokens (T140). */
const MAX_ANSWER_TOKENS = 4_096;

/** The limit that is passed on to the model: the server's own, within ours. */
export function answerTokenLimit({ maxTokens }: Pick<SamplingRequest, 'maxTokens'>): number {
  return Math.min(maxTokens, MAX_ANSWER_TOKENS);
}

/**
 * Chooses: the person's pick; else, within what the entry allows, the first hint of the server that matches a model (SAMP5);
 * else what its priorities suggest; else the first model. A pick or an entry that matches nothing is never replaced silently.
 */
export function chooseModel(models: readonly ModelFacts[], wish: ModelWish): ModelPick {
  if (models.length === 0)
    return none(
      safe`No language model is installed, or you are not signed in to one. The setting mcpHost.sampling.endpoint can name one of your own.`,
    );
  if (wish.picked !== undefined) return chooseByPick(models, wish.picked);
  const { wanted } = wish;
  const allowed = wanted === undefined ? models : models.filter((model) => matches(model, wanted));
  if (wanted !== undefined && allowed.length === 0) {
    return none(safe`No model matches "${safeText(wanted, 80)}", which the settings of this server ask for.`);
  }
  for (const hint of wish.preferences.hints) {
    const hinted = byPriorities(
      allowed.filter((model) => matches(model, hint)),
      wish.preferences,
    );
    if (hinted.model)
      return found(hinted.model, safe`The server prefers models named "${safeText(hint, 80)}".`);
  }
  const { model, why } = byPriorities(allowed, wish.preferences);
  if (!model) return none(safe`No language model is available.`);
  if (why) return found(model, why);
  if (wanted !== undefined)
    return found(
      model,
      safe`It matches "${safeText(wanted, 80)}", which the settings of this server ask for.`,
    );
  if (models.length === 1) return found(model, safe`It is the only model there is.`);
  return found(
    model,
    safe`It is the first of ${models.length} models; the server has no wish that tells them apart.`,
  );
}

function chooseByPick(models: readonly ModelFacts[], picked: string): ModelPick {
  const model = models.find(({ key }) => key === picked) ?? models.find(({ id }) => id === picked);
  if (model) return found(model, safe`You selected it for this server.`);
  return none(
    safe`The model that you selected for this server ("${safeText(picked, 80)}") is not available now.`,
  );
}

/** Hints are parts of names, in any case (SAMP5). */
function matches(model: ModelFacts, part: string): boolean {
  const wanted = part.toLowerCase();
  return [model.id, model.family, model.name, model.vendor].some((text) =>
    text.toLowerCase().includes(wanted),
  );
}

/**
 * The editor tells neither price nor speed nor strength of a model. What is left is its name: makers name small models mini,
 * flash or haiku, and large ones pro, opus or max. A server that values cost or speed more than intelligence gets the first small
 * one, the other way round the first large one; without such names, or without a preference, the order stays as it is.
 */
function byPriorities(
  models: readonly ModelFacts[],
  { costPriority = 0, speedPriority = 0, intelligencePriority = 0 }: ModelPreferences,
): { readonly model?: ModelFacts; readonly why?: SafeText } {
  const [first] = models;
  if (!first) return {};
  const thrift = Math.max(costPriority, speedPriority);
  const wantsSmall = thrift > intelligencePriority;
  if (thrift === intelligencePriority) return { model: first };
  const model = models.find((one) => sizeOf(one) === (wantsSmall ? 'small' : 'large'));
  if (!model) return { model: first };
  return {
    model,
    why: wantsSmall
      ? safe`The server values low cost or speed most, and this model's name says that it is a small one.`
      : safe`The server values intelligence most, and this model's name says that it is a large one.`,
  };
}

const SMALL = /\b(?:mini|nano|lite|small|flash|haiku|fast|instant|tiny|air)\b/;
const LARGE = /\b(?:pro|opus|max|large|ultra|plus|heavy)\b/;

function sizeOf({ id, family, name }: ModelFacts): 'small' | 'large' | undefined {
  const words = `${id} ${family} ${name}`.toLowerCase().replaceAll('_', ' ');
  if (SMALL.test(words)) return 'small';
  return LARGE.test(words) ? 'large' : undefined;
}

function found(model: ModelFacts, why: SafeText): ModelPick {
  return { kind: 'model', model, why };
}

function none(reason: SafeText): ModelPick {
  return { kind: 'none', reason };
}
