/** A host for tests: a reaper and some servers, until it is killed. Prints one JSON line when all run. */

import { randomUUID } from 'node:crypto';

import { LAUNCH_MARKER } from '../../../src/transport/launchMarker';
import { ReaperProcess } from '../../../src/transport/reaper';
import { StdioTransport } from '../../../src/transport/stdioTransport';

const [reaperScript = '', evilServer = '', ...modes] = process.argv.slice(2);

async function main(): Promise<void> {
  const reaper = new ReaperProcess({
    onFailure: (detail) => process.stdout.write(`${JSON.stringify({ detail })}\n`),
  });
  reaper.start(process.execPath, reaperScript);
  const tokens = await Promise.all(
    modes.map(async (mode) => {
      const token = randomUUID();
      const env = { [LAUNCH_MARKER]: token, PATH: process.env['PATH'] ?? '' };
      const launch = { command: process.execPath, args: [evilServer, mode], env, cwd: process.cwd() };
      const transport = new StdioTransport({ launch, onSpawned: (pid) => reaper.watch(token, pid) });
      await new Promise<void>((resolve, reject) => {
        transport
          .start({
            onMessage: () => resolve(),
            onRefused: () => undefined,
            onFailed: () => undefined,
            onOdd: () => undefined,
            onNoise: () => undefined,
            onStderr: () => undefined,
            onClose: (close) => reject(new Error(close.kind)),
          })
          .catch(reject);
      });
      return token;
    }),
  );
  process.stdout.write(`${JSON.stringify({ tokens, reaper: reaper.pid })}\n`);
}

void main();
