import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { test } from 'node:test';

import { keptAlive } from '../../support/processProbes';

test('a client in a process of its own that loses its host does not go through the shutdown of Node, which can wait for itself', () =>
  keptAlive(async () => {
    const client = fork(path.resolve('dist', 'client-worker.js'), [], {
      env: {},
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    await once(client, 'spawn');
    const ended = once(client, 'exit');
    client.disconnect();
    assert.deepEqual(await ended, [null, 'SIGKILL']);
  }));
