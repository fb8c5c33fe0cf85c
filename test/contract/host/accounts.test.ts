/** Sessions of accounts that the editor knows: whose entry may name one, what is asked before one is used, and for how much a yes is good. */

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { Accounts } from '../../../src/host/accounts';
import type { ServerDefinition } from '../../../src/host/definitions';
import type { EntryScope } from '../../../src/policy/serverEntry';
import { FakeMachine } from '../../support/fakeMachine';
import { HostHarness } from '../../support/hostHarness';
import { TestWorld } from '../../support/testPorts';

const RULE = { provider: 'github', scopes: ['repo'] };
const URL_OF_SERVER = new URL('https://mcp.example:8443/mcp?team=blue');

let world: TestWorld;
let accounts: Accounts;
/** What the person was asked for our part, and what the editor was asked for. */
let confirmed: unknown[][];
let wanted: unknown[][];
let says: boolean;
let label: string;

beforeEach(() => {
  world = new TestWorld();
  [confirmed, wanted, says, label] = [[], [], true, 'octocat'];
  world.accounts = {
    session: (...asked) => {
      wanted.push(asked);
      return Promise.resolve({ token: 'gho_1', account: label });
    },
    confirm: (...asked) => {
      confirmed.push(asked);
      return Promise.resolve(says);
    },
  };
  const { accounts: port, decisions } = world.ports();
  accounts = new Accounts(port, decisions, new FakeMachine().sha256);
});

function server(id = 'user/one', scope: EntryScope = { kind: 'user' }): ServerDefinition {
  return { id, name: 'one', scope } as ServerDefinition;
}

async function token(ask: boolean, url = URL_OF_SERVER, of = server(), rule = RULE): Promise<unknown> {
  return (await accounts.session(of, rule, url, ask))?.token;
}

test('a session is used after the person has allowed that account for that origin, which is asked once', async () => {
  assert.equal(await token(true), 'gho_1');
  assert.deepEqual(confirmed, [['one', 'https://mcp.example:8443', 'github', 'octocat']]);
  assert.equal(await token(true), 'gho_1');
  assert.equal(await token(false), 'gho_1');
  assert.equal(confirmed.length, 1);
  assert.ok(!JSON.stringify([...world.decisions.values]).includes('gho_1'));
});

test('without a yes nothing is used, nobody is asked who has not clicked, and a no is asked again by a click', async () => {
  assert.equal(await token(false), undefined);
  assert.deepEqual([confirmed.length, wanted.at(-1)], [0, ['github', ['repo'], false]]);
  says = false;
  assert.equal(await token(true), undefined);
  assert.equal(await token(false), undefined);
  says = true;
  assert.equal(await token(true), 'gho_1');
  assert.equal(confirmed.length, 2);
});

test('a yes is good for one server, origin, provider, list of rights and account', async () => {
  await token(true);
  const others: readonly Parameters<typeof token>[] = [
    [false, new URL('http://mcp.example:8443/mcp')],
    [false, new URL('https://mcp.example/mcp')],
    [false, URL_OF_SERVER, server('user/two')],
    [false, URL_OF_SERVER, server(), { ...RULE, provider: 'microsoft' }],
    [false, URL_OF_SERVER, server(), { ...RULE, scopes: ['repo', 'admin:org'] }],
  ];
  for (const other of others) assert.equal(await token(...other), undefined, JSON.stringify(other));
  label = 'somebody-else';
  assert.equal(await token(false), undefined);
});

test('an entry of a workspace or a folder gets no session, and the editor is not even asked for one', async () => {
  for (const scope of [{ kind: 'workspace' }, { kind: 'folder', uri: 'file:///work' }] as EntryScope[])
    assert.equal(await token(true, URL_OF_SERVER, server('user/one', scope)), undefined);
  assert.deepEqual([wanted, confirmed], [[], []]);
});

test('a server that starts by itself leads to no question for an account: only a click does', async () => {
  const harness = new HostHarness();
  const asked: boolean[] = [];
  harness.world.accounts = {
    session: (_provider, _scopes, ask) => {
      asked.push(ask);
      return Promise.resolve(undefined);
    },
    confirm: () => assert.fail('there is no session to confirm'),
  };
  harness.world.setServers({ one: { url: URL_OF_SERVER.href, account: RULE, start: 'onOpen' } });
  harness.host.open();
  await harness.settle();
  assert.deepEqual(asked, [false]);
  const state = harness.state('one');
  assert.ok(state.kind === 'stopped' && state.why.kind === 'sign-in', JSON.stringify(state));
  await harness.host.start('user/one');
  assert.deepEqual(asked, [false, true]);
  await harness.end();
});
