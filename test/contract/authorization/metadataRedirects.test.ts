/** Metadata behind redirects, which are not followed (T080), and what is said of that. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { failureText } from '../../../src/presentation/failureTexts';
import { json, ScriptedHttp, type HttpExchange } from '../../support/scriptedHttp';
import { AuthWorld } from './world';

const PRM = '/.well-known/oauth-protected-resource';
const OAUTH = '/.well-known/oauth-authorization-server';
const NO_SIGN_IN = /wants an Authorization header.*metadata at \S+ redirect to another place/;

/** Leads from some paths to other places. */
const leading =
  (places: Readonly<Record<string, string>>, status = 302) =>
  ({ path, response }: HttpExchange): boolean => {
    const location = places[path];
    if (location === undefined) return false;
    response.writeHead(status, { location }).end();
    return true;
  };

/** The same at an authorization server. */
function leads(world: AuthWorld, places: Readonly<Record<string, string>>, status?: number): void {
  const led = leading(places, status);
  world.as.modes.other = (exchange) => {
    if (!led(exchange)) json(exchange, 404, {});
  };
}

/** Paths that the server was asked for beside its own, in order. */
function looked(world: AuthWorld): string[] {
  return world.resource.exchanges.map(({ path }) => path).filter((path) => path !== '/mcp');
}

for (const status of [301, 302, 303, 307, 308])
  test(`a ${status} of metadata is not followed, not even within the origin, and where it leads is told (T080)`, async () => {
    await AuthWorld.with(async (world) => {
      world.modes.metadataPath = `${PRM}/mcp/`;
      world.modes.first = leading({ [`${PRM}/mcp`]: `${PRM}/mcp/?secret=1` }, status);
      const failure = await world.refused(world.window());
      assert.equal(failure.problem, 'header-wanted');
      assert.match(failureText(failure), NO_SIGN_IN);
      assert.equal(failure.serverSays, `location: ${world.resource.origin}`);
      assert.ok(!looked(world).includes(`${PRM}/mcp/`));
    });
    await AuthWorld.with(
      async (world) => {
        leads(world, { [OAUTH]: `${world.as.http.origin}${OAUTH}/there` }, status);
        const failure = await world.refused(world.window());
        assert.equal(failure.problem, 'metadata-unavailable');
        assert.equal(failure.serverSays, `location: ${world.as.http.origin}`);
        assert.ok(!world.as.paths.includes(`${OAUTH}/there`));
      },
      { metadataPaths: [`${OAUTH}/there`] },
    );
  });

test('a redirect takes nothing from metadata that are found elsewhere', async () => {
  await AuthWorld.with(async (world) => {
    world.modes.metadataPath = PRM;
    world.modes.first = leading({ [`${PRM}/mcp`]: '/login' });
    assert.equal(await world.call(world.window()), 'done');
    assert.deepEqual(looked(world), [`${PRM}/mcp`, PRM]);
  });
});

test('metadata that lead to another origin are not followed, and that is told (T067, T080)', async (t) => {
  const sink = await ScriptedHttp.start((exchange) => json(exchange, 200, {}));
  t.after(() => sink.stop());
  await AuthWorld.with(async (world) => {
    world.modes.hasMetadata = false;
    world.modes.first = leading({ [`${PRM}/mcp`]: `${sink.origin}${PRM}/mcp?secret=1` });
    const failure = await world.refused(world.window());
    assert.equal(failure.problem, 'header-wanted');
    assert.match(failureText(failure), NO_SIGN_IN);
    assert.equal(failure.serverSays, `location: ${sink.origin}`);
  });
  await AuthWorld.with(
    async (world) => {
      leads(world, { [OAUTH]: `${sink.origin}${OAUTH}` });
      const failure = await world.refused(world.window());
      assert.equal(failure.problem, 'metadata-unavailable');
      assert.match(failureText(failure), /does not describe itself \(metadata at \S+ redirect to another/);
      assert.equal(failure.serverSays, `location: ${sink.origin}`);
    },
    { metadataPaths: [] },
  );
  assert.deepEqual(sink.exchanges, []);
});
