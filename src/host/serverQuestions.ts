/** What a server may ask of this host while it runs, each answered by the settings of the moment and not those of the start. */

import type { Logger } from '../base/log';
import type { ServerEntry } from '../policy/serverEntry';
import type { ServerDefinition } from './definitions';
import type { Elicitation, ElicitationAsker } from './elicitation';
import type { Sampling, SamplingAsker } from './sampling';
import type { ConnectionHandlers } from './serverConnection';

type Questions = Pick<ConnectionHandlers['requests'], 'sample' | 'elicit' | 'awaitElicitation'>;

/** Who answers. */
export interface QuestionContext {
  readonly sampling: Sampling;
  readonly elicitation: Elicitation;
  /** True when this server may ask for sampling or input outside the person's calls. */
  readonly samplingOutsideCalls: (definition: ServerDefinition) => boolean;
}

/** The handlers for one server. @param fingerprint of the launch that asks */
export function serverQuestions(
  context: QuestionContext,
  definition: ServerDefinition,
  entry: ServerEntry,
  fingerprint: string,
  log: Logger,
): Questions {
  const { sampling, elicitation } = context;
  return {
    sample: ({ request, origin }, signal) =>
      sampling.serve(askerOf(context, definition, entry, fingerprint), request, origin, log, signal),
    elicit: ({ request, origin }, signal) =>
      elicitation.serve(inputAskerOf(context, definition), request, origin, log, signal),
    awaitElicitation: ({ urls, origin }, signal) =>
      elicitation.wait(inputAskerOf(context, definition), urls, origin, log, signal),
  };
}

function askerOf(
  context: QuestionContext,
  definition: ServerDefinition,
  entry: ServerEntry,
  fingerprint: string,
): SamplingAsker {
  const rule = entry.sampling;
  return {
    serverId: definition.id,
    serverName: definition.name,
    rule: rule.kind === 'off' ? rule : { ...rule, outsideCalls: context.samplingOutsideCalls(definition) },
    isOwn: definition.scope.kind === 'user',
    fingerprint,
  };
}

function inputAskerOf(context: QuestionContext, definition: ServerDefinition): ElicitationAsker {
  return {
    serverId: definition.id,
    serverName: definition.name,
    outsideCalls: context.samplingOutsideCalls(definition),
  };
}
