/** What the official suite's scenarios ask a client to do: which calls, what a person answers, which credentials its entry holds. */

import { isObject, own, ownString, type JsonObject } from '../../src/base/json';
import type { Host } from '../../src/host/host';
import { toFailure } from '../../src/protocol/failure';
import type { ElicitationContent } from '../../src/protocol/elicitation';

/** What the suite tells about a scenario. */
type Context = JsonObject;

interface Doing {
  readonly host: Host;
  readonly serverId: string;
  readonly context: Context;
}

type Action = (doing: Doing) => Promise<void>;

/** The client id metadata document that the suite knows. */
const METADATA_URL = 'https://conformance-test.local/client-metadata.json';

export function readContext(text: string | undefined): Context {
  const context: unknown = text === undefined ? {} : JSON.parse(text);
  return isObject(context) ? context : {};
}

/** The entry of the server, as a person would write it who was given these credentials. */
export function entryOf(url: string, context: Context): JsonObject {
  const text = (name: string): string => ownString(context, name) ?? '';
  const known = (name: string, field: string): JsonObject =>
    own(context, name) === undefined ? {} : { [field]: text(name) };
  return {
    url,
    roots: 'workspace',
    oauth: {
      clientMetadataUrl: METADATA_URL,
      ...known('client_id', 'clientId'),
      ...known('client_secret', 'clientSecret'),
      ...known('private_key_pem', 'privateKey'),
      ...known('signing_algorithm', 'privateKeyAlgorithm'),
      ...known('valid_jwt', 'assertion'),
      ...grantOf(context),
      ...(own(context, 'idp_id_token') === undefined
        ? {}
        : {
            identityProvider: {
              issuer: text('idp_issuer'),
              tokenEndpoint: text('idp_token_endpoint'),
              clientId: text('idp_client_id'),
              idToken: text('idp_id_token'),
            },
          }),
    },
  };
}

/** What credentials are for shows in what they are. A secret alone may be for either of two: who is given one is told for which. */
function grantOf(context: Context): JsonObject {
  const isGiven = (name: string): boolean => own(context, name) !== undefined;
  if (isGiven('valid_jwt')) return { grant: 'jwtBearer' };
  if (isGiven('idp_id_token')) return { grant: 'enterprise' };
  const isForMachine = isGiven('private_key_pem') || own(context, 'name') === 'auth/client-credentials-basic';
  return isForMachine ? { grant: 'clientCredentials' } : {};
}

/** What a person fills in; defaults are added by the product. */
export function answerTo(scenario: string): ElicitationContent {
  return scenario === 'sep-2322-client-request-state' ? { confirmed: true } : {};
}

/** What is done once the server runs and its lists were read. */
export function actionOf(scenario: string): Action {
  return ACTIONS.get(scenario) ?? (scenario.startsWith('auth/') ? callTestTool : nothing);
}

const nothing: Action = () => Promise.resolve();

async function call({ host, serverId }: Doing, name: string, args: JsonObject = {}): Promise<void> {
  await host.callTool(serverId, name, args, {});
}

const callTestTool: Action = (doing) => call(doing, 'test-tool');

const calling =
  (name: string, args: JsonObject = {}): Action =>
  (doing) =>
    call(doing, name, args);

/** One of each kind of request that names what it is about. */
const useEverything: Action = async (doing) => {
  const { host, serverId } = doing;
  for (const { item } of host.offered('tools').slice(0, 1)) await call(doing, item.name);
  for (const { item } of host.offered('resources')) await host.readResource(serverId, item.uri, {});
  for (const { item } of host.offered('prompts').slice(0, 1))
    await host.getPrompt(serverId, item.name, {}, {});
};

const callAsTold: Action = async (doing) => {
  const calls = own(doing.context, 'toolCalls');
  for (const told of Array.isArray(calls) ? (calls as readonly unknown[]) : []) {
    if (!isObject(told)) continue;
    const args = own(told, 'arguments');
    await call(doing, ownString(told, 'name') ?? '', isObject(args) ? args : {});
  }
};

const callAllShown: Action = async (doing) => {
  for (const { item } of doing.host.offered('tools')) await call(doing, item.name, { region: 'us-west1' });
};

const echoSchema: Action = async (doing) => {
  const { inputSchema } = await doing.host.describeTool(doing.serverId, 'json_schema_2020_12_tool');
  await call(doing, 'json_schema_echo', { schema: inputSchema });
};

const echoStates: Action = async (doing) => {
  for (const name of [
    'test_mrtr_echo_state',
    'test_mrtr_no_state',
    'test_mrtr_unrelated',
    'test_mrtr_no_result_type',
  ])
    await call(doing, name);
};

/** The file that everything starts with, and what it leads to only if it was the one that was listed. */
const loadSkill: Action = async ({ host, serverId }) => {
  for (const { item } of host.offered('skills').slice(0, 1)) {
    try {
      await host.readSkillFile(serverId, item.uri, undefined, {});
      await host.readSkillFile(serverId, item.uri, 'references/FORMS.md', {});
    } catch (error) {
      // A file that is not the one that was listed is refused; nothing more is read then.
      if (toFailure(error).code === 'internal') throw error;
    }
  }
};

const ACTIONS: ReadonlyMap<string, Action> = new Map([
  ['tools_call', calling('add_numbers', { a: 5, b: 3 })],
  ['elicitation-sep1034-client-defaults', calling('test_client_elicitation_defaults')],
  ['sse-retry', calling('test_reconnection')],
  ['http-standard-headers', useEverything],
  ['http-custom-headers', callAsTold],
  ['http-invalid-tool-headers', callAllShown],
  ['json-schema-2020-12-preservation', echoSchema],
  ['sep-2322-client-request-state', echoStates],
  ['sep-2640-client-verify-digest', loadSkill],
  ['sep-2640-client-verify-size', loadSkill],
  ['sep-2640-client-verify-frontmatter', loadSkill],
  // One token request is what is looked at.
  ['auth/wif-jwt-bearer', nothing],
]);
