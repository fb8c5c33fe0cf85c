/** Servers whose schemas are traps, one per tool, by the ids of the abuse catalogue (T052, T096 to T104). */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import { test } from 'node:test';

import { planTool } from '../../../src/presentation/argumentPlan';
import { checkOutput } from '../../../src/ui/calls/outputCheck';
import { SchemaValidator } from '../../../src/validation/schemaValidator';
import { besiege } from '../../support/siege';
import { hostile, textOf } from './realHost';

type Finding = Awaited<ReturnType<typeof checkOutput>>['kind'];
type Plan = ReturnType<typeof planTool>['kind'];

/** Ids, tool, what is found of its result, and how its arguments are asked for. */
const CASES: readonly (readonly [ids: string, tool: string, finding: Finding, plan: Plan])[] = [
  ['T096', 'endlessPattern', 'unchecked', 'fields'],
  ['T096', 'endlessKeys', 'unchecked', 'fields'],
  ['T097', 'doubling', 'unchecked', 'fields'],
  ['T097', 'manyChoices', 'unchecked', 'fields'],
  ['T097, T104', 'manyFields', 'fine', 'json'],
  ['T097', 'manyValues', 'unchecked', 'fields'],
  ['T097', 'deepSchema', 'unchecked', 'fields'],
  ['T098', 'namedText', 'fine', 'fields'],
  ['T098', 'namedNumber', 'mismatch', 'fields'],
  ['T098', 'namedDialect', 'fine', 'fields'],
  ['T099', 'fetched', 'unchecked', 'fields'],
  ['T099', 'fetchedFile', 'unchecked', 'fields'],
  ['T099', 'fetchedDialect', 'unchecked', 'fields'],
  ['T100', 'cyclic', 'fine', 'fields'],
  ['T100', 'oldDialect', 'unchecked', 'fields'],
  ['T103', 'lying', 'mismatch', 'fields'],
  ['T103', 'silentOutput', 'absent', 'fields'],
  ['T052, T104', 'oddFields', 'fine', 'fields'],
  ['T104', 'hugeText', 'fine', 'json'],
];

for (const [ids, tool, finding, plan] of CASES)
  test(
    `${ids} a tool with the trap ${tool} is called, and its result shown, whatever its schemas hold`,
    { timeout: 30_000 },
    async () => {
      let connections = 0;
      const sink = net.createServer((socket) => (connections++, socket.destroy())).listen(0, '127.0.0.1');
      await once(sink, 'listening');
      const { port } = sink.address() as AddressInfo;
      const validator = new SchemaValidator(path.resolve('dist', 'schema-worker.js'));
      try {
        await besiege({
          servers: { bad: hostile('--traps', String(port)) },
          attack: async (real, ask) => {
            await real.until(() => real.host.offered('tools').some(({ item }) => item.name === tool));
            const definition = await real.host.describeTool('user/bad', tool);
            assert.equal(planTool(definition).kind, plan);
            const result = await real.call('bad', tool);
            assert.equal(textOf(result), 'done', 'the result is there');
            const checking = checkOutput(definition, result, validator);
            await ask();
            assert.equal((await checking).kind, finding);
          },
        });
        assert.equal(connections, 0, 'nobody asked for what a schema names');
      } finally {
        validator.dispose();
        sink.close();
      }
    },
  );
