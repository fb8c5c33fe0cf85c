/** Saying no to several requests at once, which is the only thing that can be said to several. */

import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';

import { Commands } from '../../../src/contributions/ids';
import { ConsentQueue, type ConsentOutcome, type ConsentSubject } from '../../../src/host/consentQueue';
import { Decisions } from '../../../src/ui/approvals/decisions';
import { requestCommands } from '../../../src/ui/approvals/requestCommands';
import { FakeClock } from '../../support/fakeClock';
import { screen } from '../../support/vscode';

const wait: ConsentSubject = {
  kind: 'elicitation-wait',
  cause: { kind: 'call', callId: 1, callTitle: 'describe' },
  urls: ['https://a.example/'],
};

afterEach(() => screen.clear());

/** Three requests of three servers, and the command. */
class Waiting {
  readonly consent = new ConsentQueue(new FakeClock());
  readonly outcomes = new Map<string, ConsentOutcome['kind']>();
  private readonly causes = new Map<string, AbortController>();

  constructor(...servers: readonly string[]) {
    for (const server of servers) this.ask(server);
    const ui = { host: { consent: this.consent } } as never;
    requestCommands(ui, new Decisions(ui), {} as never);
  }

  ask(serverName: string): void {
    const cause = new AbortController();
    this.causes.set(serverName, cause);
    const who = { serverId: `user/${serverName}`, serverName };
    void this.consent
      .ask(who, wait, { signal: cause.signal })
      .then(({ kind }) => this.outcomes.set(serverName, kind));
  }

  end(serverName: string): void {
    this.causes.get(serverName)?.abort();
  }

  async denySeveral(): Promise<Readonly<Record<string, string>>> {
    await screen.commands.get(Commands.denySeveral)?.();
    return Object.fromEntries(this.outcomes);
  }

  get left(): readonly string[] {
    return this.consent.entries().map(({ serverName }) => serverName);
  }
}

test('all that wait are picked at first, and are denied together', async () => {
  const waiting = new Waiting('a', 'b', 'c');
  screen.pickSeveral = (items) =>
    Promise.resolve(items.filter((item) => 'picked' in item && item.picked === true));
  assert.deepEqual(await waiting.denySeveral(), { a: 'deny', b: 'deny', c: 'deny' });
});

test('what is not picked goes on waiting, and nothing is denied without an answer', async () => {
  const waiting = new Waiting('a', 'b', 'c');
  screen.pickSeveral = (items) => Promise.resolve(items.slice(0, 1));
  assert.deepEqual(await waiting.denySeveral(), { a: 'deny' });
  screen.pickSeveral = () => Promise.resolve(undefined);
  assert.deepEqual(await waiting.denySeveral(), { a: 'deny' });
  assert.deepEqual(waiting.left, ['b', 'c']);
});

test('a request that comes while the person picks is not denied with the others, and one that ends stays as it ended', async () => {
  const waiting = new Waiting('a', 'b');
  screen.pickSeveral = (items) => {
    waiting.ask('late');
    waiting.end('a');
    return Promise.resolve(items);
  };
  assert.deepEqual(await waiting.denySeveral(), { a: 'withdrawn', b: 'deny' });
  assert.deepEqual(waiting.left, ['late']);
  assert.deepEqual(screen.messages, []);
});

test('when nothing waits the person is told so', async () => {
  assert.deepEqual(await new Waiting().denySeveral(), {});
  assert.match(screen.messages[0]?.text ?? '', /Nothing of this kind is waiting/);
});
