/** From the entry of a remote server to a connection that may be made: looked at first, resolved after approval. */

import { err, ok, type Result } from '../base/result';
import type { AuthorizationSettings } from '../client/contract';
import { decideAccess, type AccessDecision } from '../policy/editorPolicy';
import { launchFingerprintInput } from '../policy/launchFingerprint';
import type { ReviewParts } from '../policy/launchReview';
import { plainHttpTrouble, urlTrouble } from '../policy/remoteUrl';
import type { EntryProblem, EntryScope, RemoteLaunch } from '../policy/serverEntry';
import { expandVariables, type VariableScope } from '../policy/variables';
import type { ServerDefinition } from './definitions';
import { expandField } from './launchPaths';
import type { LaunchQuestion, RemotePlan, ResolvedLaunch, ResolveError } from './launchPlan';
import { secretValues } from './launchSecrets';
import { namedHosts, resolveOAuth, type ResolvedOAuth } from './oauthSettings';
import type { EditorPolicyPort, MachinePort, NetworkPort, WorkspacePort } from './ports';

export class RemoteLaunches {
  constructor(
    private readonly machine: MachinePort,
    private readonly workspace: WorkspacePort,
    private readonly editorPolicy: EditorPolicyPort,
    private readonly network: NetworkPort,
  ) {}

  /** Looks at an entry without connecting or asking anything. */
  plan(question: LaunchQuestion<RemoteLaunch>): Result<RemotePlan, readonly EntryProblem[]> {
    const { entry, launch, variables, place } = question;
    // What needs an input is known, and checked, once the person has given it.
    const resolvedUrl = addressOf(launch, variables);
    const trouble = resolvedUrl === undefined ? undefined : this.troubleOf(resolvedUrl);
    if (trouble) return err([trouble]);
    const fingerprint = this.machine.sha256(
      launchFingerprintInput({
        entry,
        scope: question.scope,
        workspace: place === '' ? undefined : place,
        machine: question.machine,
        resolvedCommand: undefined,
        resolvedUrl,
        envFile: undefined,
      }),
    );
    const toReview: ReviewParts = {
      ...question,
      ...(resolvedUrl === undefined ? {} : { resolvedUrl }),
      workspaceFolders: this.workspace.folders().map(({ path }) => path),
      platform: 'linux',
    };
    const access = this.accessOf(question.name, launch, variables);
    return ok({ kind: 'remote', entry, launch, fingerprint, toReview, access, place });
  }

  /** Rules name addresses as they are connected to. */
  accessOf(name: string, { url }: RemoteLaunch, variables: VariableScope): AccessDecision {
    const expanded = expandVariables(url, variables);
    const entry = { name, url: expanded.ok ? expanded.value.text : url };
    return decideAccess({ ...this.editorPolicy.read(), entry });
  }

  /** Names what signing in to a server leaves in the secret store: another address, or another place, has its own (T094). */
  credentialsOf(serverId: string, place: string, url: string): string {
    return `credentials/${this.machine.sha256(JSON.stringify([serverId, place, url]))}`;
  }

  /** Fills in every value. @param variables know the inputs as well */
  resolve(
    { id, scope }: ServerDefinition,
    plan: RemotePlan,
    variables: VariableScope,
  ): Result<ResolvedLaunch, ResolveError> {
    const { launch } = plan;
    const url = expandField('url', launch.url, variables);
    const headers = [...launch.headers].map(
      ([name, value]) => [name, headerField(name, value, variables)] as const,
    );
    const oauth = launch.oauth && resolveOAuth(launch.oauth, variables);
    const problems = [
      ...(url.ok ? [this.troubleOf(url.value)] : [url.error]),
      ...headers.map(([, value]) => (value.ok ? undefined : value.error)),
      ...(oauth?.ok === false ? oauth.error : []),
    ].filter((problem) => problem !== undefined);
    if (!url.ok || problems.length > 0) return err(problems);
    return ok({
      fingerprint: plan.fingerprint,
      secrets: secretValues(plan.entry, new Map(), variables),
      signIn: {
        host: new URL(url.value).host,
        credentials: this.credentialsOf(id, plan.place, launch.url),
        ...(oauth?.ok === true && oauth.value.redirectUri !== undefined
          ? { redirectUri: oauth.value.redirectUri }
          : {}),
      },
      spec: {
        ...(oauth?.ok === true ? { authorization: settingsOf(oauth.value, scope) } : {}),
        url: url.value,
        headers: Object.fromEntries(
          headers.flatMap(([name, value]) => (value.ok ? [[name, value.value]] : [])),
        ),
        transport: launch.transport,
        network: this.network.read(),
      },
    });
  }

  private troubleOf(url: string): EntryProblem | undefined {
    const message = urlTrouble(url) ?? plainHttpTrouble(url, this.network.insecureHosts());
    return message === undefined ? undefined : { field: 'url', message };
  }
}

/** Only the person's own entry opens a private network. */
function settingsOf({ settings }: ResolvedOAuth, { kind }: EntryScope): AuthorizationSettings {
  const privateHosts = kind === 'user' ? namedHosts(settings) : [];
  return privateHosts.length === 0 ? settings : { ...settings, privateHosts };
}

/** The address as it will be, unless an input is part of it. */
function addressOf({ url }: RemoteLaunch, variables: VariableScope): string | undefined {
  const expanded = expandVariables(url, variables);
  return expanded.ok ? expanded.value.text : undefined;
}

/** A value from outside the entry may hold what no header can (T072). */
function headerField(name: string, value: string, variables: VariableScope): Result<string, EntryProblem> {
  const field = `headers.${name}`;
  const expanded = expandField(field, value, variables);
  if (!expanded.ok) return expanded;
  if (/[^\t\x20-\x7e\x80-\xff]/.test(expanded.value))
    return err({ field, message: 'holds a line break or another character that no header can hold' });
  return ok(expanded.value);
}
