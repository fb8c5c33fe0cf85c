import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';

import { Commands } from '../../../src/contributions/ids';
import { ownObject } from '../../../src/ui/ownObjects';
import { registerServerCommands } from '../../../src/ui/servers/serverCommands';
import { screen } from '../../support/vscode';

const failure = { code: 'network', problem: 'refused', host: 'a.example', detail: 'ECONNREFUSED' } as const;

afterEach(() => screen.clear());

for (const command of [Commands.startServer, Commands.restartServer])
  test(`${command} that fails says why, wherever its row is`, async () => {
    const server = { id: 'user/one', definition: { name: 'one' }, state: { kind: 'stopped' } as object };
    const fail = (): Promise<void> => {
      server.state = { kind: 'failed', cause: { kind: 'failure', failure, stderr: [] } };
      return Promise.resolve();
    };
    const host = { server: () => server, start: fail, restart: fail };
    registerServerCommands({ host } as never, { show: () => undefined });
    await screen.commands.get(command)?.(ownObject({ kind: 'server', serverId: server.id }));
    assert.deepEqual(
      screen.messages.map(({ text }) => text),
      ['Server "one" did not start: Nothing answers at a.example (ECONNREFUSED).'],
    );
  });
