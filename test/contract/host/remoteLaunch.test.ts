/** Remote servers as the host plans them: shown before anything is sent, bound to what was shown, refused where they lead astray. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Accounts } from '../../../src/host/accounts';
import { LaunchPlanner } from '../../../src/host/launchPlanner';
import type { LaunchPlan, ResolvedLaunch } from '../../../src/host/launchPlan';
import { describeLaunch } from '../../../src/policy/launchReview';
import { readServerEntry } from '../../../src/policy/readServerEntry';
import type { EntryProblem, EntryScope } from '../../../src/policy/serverEntry';
import { Inputs } from '../../../src/host/inputs';
import { launchPage } from '../../../src/presentation/launchReviewPage';
import { HostHarness, WORKSPACE } from '../../support/hostHarness';
import { FakeMachine } from '../../support/fakeMachine';
import { TestWorld } from '../../support/testPorts';

const WORKSPACE_SCOPE: EntryScope = { kind: 'workspace' };

class Planning {
  readonly world = new TestWorld();
  readonly machine = new FakeMachine();
  private readonly planner: LaunchPlanner;

  constructor() {
    this.world.folders = [WORKSPACE];
    const ports = this.world.ports({ machine: this.machine });
    const { settings, secrets, memory, inputPrompt, machine } = ports;
    this.planner = new LaunchPlanner(
      ports,
      new Inputs(settings, secrets, memory, inputPrompt, machine.sha256),
      new Accounts(ports.accounts, ports.decisions, machine.sha256),
    );
  }

  async plan(
    raw: unknown,
    scope: EntryScope = WORKSPACE_SCOPE,
  ): Promise<LaunchPlan | readonly EntryProblem[]> {
    const { entry, problems, warnings } = readServerEntry(raw);
    if (!entry) return problems;
    const planned = await this.planner.plan(this.definition(raw, scope, warnings), entry);
    return planned.ok ? planned.value : planned.error;
  }

  async fingerprint(raw: unknown): Promise<string> {
    const plan = await this.plan(raw);
    assert.ok('fingerprint' in plan, JSON.stringify(plan));
    return plan.fingerprint;
  }

  async resolve(raw: unknown, scope: EntryScope = WORKSPACE_SCOPE): Promise<unknown> {
    const plan = await this.plan(raw, scope);
    assert.ok('fingerprint' in plan, JSON.stringify(plan));
    const resolved = await this.planner.resolve(
      this.definition(raw, scope, []),
      plan,
      new AbortController().signal,
      'all',
    );
    return resolved.ok ? resolved.value : resolved.error;
  }

  private definition(
    raw: unknown,
    scope: EntryScope,
    warnings: readonly EntryProblem[],
  ): Parameters<LaunchPlanner['plan']>[0] {
    const { entry, problems } = readServerEntry(raw);
    return { id: 'x', name: 'one', scope, entry, problems, warnings, written: JSON.stringify(raw) };
  }
}

test('a remote server of a workspace is shown with where it leads, and nothing is sent before it is approved', async () => {
  const harness = await HostHarness.open(
    {
      one: {
        url: 'https://ex\u0430mple.com/mcp',
        headers: { 'X-Team': 'blue', Authorization: 'Bearer abc' },
      },
    },
    WORKSPACE_SCOPE,
  );
  assert.equal(harness.launches, 0);
  const { subject } = harness.onlyQuestion('launch');
  assert.ok(subject.review.launch.kind === 'remote');
  assert.match(subject.review.launch.host, /^xn--/);
  assert.deepEqual(
    subject.review.warnings.map(({ kind }) => kind),
    ['hidden-characters', 'foreign-letters', 'plain-secret'].filter((kind) =>
      subject.review.warnings.some((warning) => warning.kind === kind),
    ),
  );
  assert.ok(subject.review.warnings.some(({ kind }) => kind === 'foreign-letters'));
  const [card] = launchPage(harness.host.consent.entries()).cards;
  const lines = card?.fields.flatMap(({ label, lines: shown }) =>
    shown.map(({ text }) => `${label}: ${text}`),
  );
  assert.ok(lines?.includes('Headers: X-Team=blue'), JSON.stringify(lines));
  assert.ok(!JSON.stringify(card).includes('abc'), 'a secret is said to be set, and not shown');
  await harness.end();
});

test('an approval is bound to the address as it was shown, the transport and the headers', async () => {
  const planning = new Planning();
  planning.machine.environment = { REGION: 'eu' };
  const raw = { url: 'https://${env:REGION}.example.com/mcp', headers: { A: '1' } };
  const first = await planning.fingerprint(raw);
  assert.equal(await planning.fingerprint({ ...raw }), first);
  for (const other of [
    { ...raw, type: 'sse' },
    { ...raw, type: 'http' },
    { ...raw, headers: { A: '2' } },
    { ...raw, url: 'https://${env:REGION}.example.com/other' },
  ])
    assert.notEqual(await planning.fingerprint(other), first, JSON.stringify(other));
  planning.machine.environment = { REGION: 'evil.example#' };
  const leadsElsewhere = await planning.plan(raw);
  assert.ok(!('fingerprint' in leadsElsewhere) || leadsElsewhere.fingerprint !== first);
});

test('what a variable makes of an address is checked before anything is sent (T074)', async () => {
  const planning = new Planning();
  const problemsOf = async (host: string): Promise<unknown> => {
    planning.machine.environment = { HOST: host };
    return await planning.plan({ url: 'http://${env:HOST}/mcp' });
  };
  for (const host of ['example.com', '127.0.0.1.example.com', 'user:pass@localhost', '169.254.169.254'])
    assert.match(JSON.stringify(await problemsOf(host)), /"field":"url"/, host);
  assert.ok('fingerprint' in ((await problemsOf('localhost:3000')) as object));
  planning.world.insecureHosts = ['example.com'];
  assert.ok('fingerprint' in ((await problemsOf('example.com')) as object));
});

test('an address that an input is part of is checked once the person has given it', async () => {
  const planning = new Planning();
  planning.world.inputs = [{ id: 'host', description: 'Host', password: false }];
  const raw = { url: 'http://${input:host}/mcp' };
  const plan = await planning.plan(raw);
  assert.ok('toReview' in plan);
  const { launch } = describeLaunch(plan.toReview);
  assert.ok(launch.kind === 'remote');
  assert.match(launch.host, /known once/);
  planning.world.inputAnswer = 'example.com';
  assert.match(JSON.stringify(await planning.resolve(raw)), /must start with https/);
});

test('a header value from the environment cannot add a header (T072)', async () => {
  const planning = new Planning();
  planning.machine.environment = { KEY: 'a\r\nX-Evil: 1' };
  const raw = { url: 'https://example.com/', headers: { 'X-Key': '${env:KEY}' } };
  assert.match(JSON.stringify(await planning.resolve(raw)), /"field":"headers\.X-Key".*line break/);
  planning.machine.environment = { KEY: 'k3y' };
  const resolved = (await planning.resolve(raw)) as ResolvedLaunch;
  assert.deepEqual('headers' in resolved.spec && resolved.spec.headers, { 'X-Key': 'k3y' });
  assert.equal(resolved.token, undefined, 'there is no process to mark');
});

test('a redirect leads to this machine or to the editor, whoever wrote it', async () => {
  const planning = new Planning();
  const resolved = async (redirectUri: string): Promise<string> =>
    JSON.stringify(await planning.resolve({ url: 'https://example.com/', oauth: { redirectUri } }));
  for (const wrong of ['https://evil.example/', 'http://evil.example:81/', 'http://localhost/', 'nonsense'])
    assert.match(await resolved(wrong), /"field":"oauth\.redirectUri"/, wrong);
  for (const right of [
    'http://localhost:8765',
    'http://127.0.0.1:1/done',
    'vscode://mcp-host.mcp-host/callback',
  ])
    assert.ok((await resolved(right)).includes(JSON.stringify(right)), right);
});

test("the editor's rules name remote servers by their address as it is connected to", async () => {
  const planning = new Planning();
  planning.machine.environment = { HOST: 'bad.example' };
  planning.world.policy = {
    access: 'all',
    allowedServers: undefined,
    deniedServers: [{ serverUrl: 'https://bad.example/*' }],
  };
  const plan = await planning.plan({ url: 'https://${env:HOST}/mcp' });
  assert.ok('access' in plan);
  assert.equal(plan.access.kind, 'denied');
});

test('what signing in leaves is kept for one entry at one address in one place (T094)', async () => {
  const planning = new Planning();
  const keyOf = async (url: string, scope: EntryScope): Promise<unknown> =>
    ((await planning.resolve({ url }, scope)) as ResolvedLaunch).signIn?.credentials;
  const first = await keyOf('https://example.com/mcp', WORKSPACE_SCOPE);
  assert.match(String(first), /^credentials\//);
  assert.equal(await keyOf('https://example.com/mcp', WORKSPACE_SCOPE), first);
  assert.notEqual(await keyOf('https://example.com/other', WORKSPACE_SCOPE), first);
  assert.notEqual(await keyOf('https://example.com/mcp', { kind: 'user' }), first);
  planning.world.folders = [{ uri: 'file:///elsewhere', name: 'elsewhere', path: '/elsewhere' }];
  assert.notEqual(await keyOf('https://example.com/mcp', WORKSPACE_SCOPE), first);
});

test("hosts that the person's own settings name for signing in may lie in a private network, a workspace's may not (T080)", async () => {
  const planning = new Planning();
  const raw = {
    url: 'https://mcp.corp.example/mcp',
    oauth: {
      grant: 'enterprise',
      issuer: 'https://sso.corp.example',
      clientId: 'us',
      identityProvider: {
        issuer: 'https://idp.corp.example:8443/realm',
        tokenEndpoint: 'https://tokens.corp.example/token',
        clientId: 'us',
        idToken: 'CANARY',
      },
    },
  };
  const hostsOf = async (scope: EntryScope): Promise<unknown> => {
    const resolved = (await planning.resolve(raw, scope)) as {
      spec: { authorization: { privateHosts?: unknown } };
    };
    return resolved.spec.authorization.privateHosts;
  };
  assert.deepEqual(await hostsOf({ kind: 'user' }), [
    'sso.corp.example',
    'idp.corp.example:8443',
    'tokens.corp.example',
  ]);
  assert.equal(await hostsOf(WORKSPACE_SCOPE), undefined);
});

test("what only the person's own entry may say stops an entry of a workspace before anybody is shown it", async () => {
  const url = 'https://server.example/mcp';
  const own = [
    ['account', { url, account: { provider: 'github', scopes: ['repo'] } }],
    ['oauth.allowMissingPkce', { url, oauth: { allowMissingPkce: true } }],
  ] as const;
  for (const [field, raw] of own) {
    for (const scope of [WORKSPACE_SCOPE, { kind: 'folder', uri: WORKSPACE.uri }] as const) {
      const planned = await new Planning().plan(raw, scope);
      assert.ok(!('fingerprint' in planned), `${field} in ${scope.kind}`);
      assert.deepEqual(
        planned.map((problem) => problem.field),
        [field],
      );
    }
    assert.ok('fingerprint' in (await new Planning().plan(raw, { kind: 'user' })), field);
  }
});
