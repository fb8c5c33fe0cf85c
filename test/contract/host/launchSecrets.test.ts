import assert from 'node:assert/strict';
import { test } from 'node:test';

import { secretValues } from '../../../src/host/launchSecrets';
import { readServerEntry } from '../../../src/policy/readServerEntry';
import { diagnosticsReport } from '../../../src/presentation/diagnostics';
import { HostHarness } from '../../support/hostHarness';
import { NO_FACTS } from '../../support/reportFacts';

test('no value that a server was given comes back in its log or in a report, however it looks', async () => {
  const harness = new HostHarness();
  const long = `long-${'x'.repeat(1_995)}-secret-tail`;
  harness.machine.files.set('/work/.env', `DB_PASSWORD=hunter2hunter2\nLONG=${long}\nMODE=dev\n`);
  harness.machine.environment['MY_TOKEN'] = 'from-my-environment';
  harness.world.inputs = [{ id: 'pw', description: 'pw', password: true }];
  // Made safe to show, this one would not look like itself any more.
  harness.world.inputAnswer = 'p4$(rest)of[1](2)pw';
  harness.world.setServers({
    one: {
      command: 'one',
      envFile: '/work/.env',
      env: { TOKEN: '${env:MY_TOKEN}', API_KEY: 'kept-in-settings', PW: '${input:pw}' },
    },
  });
  harness.host.open();
  await harness.settle();
  const { spec, server } = harness.start('one');
  const given = ['DB_PASSWORD', 'LONG', 'TOKEN', 'API_KEY', 'PW'].map((name) => spec.env[name] ?? name);
  const line = `mode ${spec.env['MODE'] ?? ''} ${given.join(' ')}`;
  server.notify('notifications/message', { level: 'error', data: line });
  server.transport.peerHandlers?.onStderr([line], 0);
  await harness.pass(1_000);
  server.transport.exit({ code: 1, signal: null });
  await harness.settle();
  const told = [...harness.world.logLines, diagnosticsReport(NO_FACTS, harness.host.servers())].join('\n');
  assert.match(told, /mode dev/, 'an ordinary word stays');
  for (const secret of [...given, long.slice(0, 1_000)]) assert.ok(!told.includes(secret), secret);
  await harness.end();
});

test('a secret that is an ordinary word is one all the same, where its name says so', async () => {
  const harness = new HostHarness();
  harness.machine.files.set('/work/.env', 'SMTP_PASSWORD=swordfishes\nMODE=production\n');
  harness.machine.environment['MY_PASSWORD'] = 'batterystaple';
  harness.machine.environment['STAGE'] = 'correcthorse';
  harness.machine.environment['REGION'] = 'somewhere';
  harness.world.setServers({
    one: {
      command: 'one',
      envFile: '/work/.env',
      env: {
        P: '${env:MY_PASSWORD}',
        DB_SECRET: '${env:STAGE}',
        API_TOKEN: '123456789012',
        R: '${env:REGION}',
      },
    },
  });
  harness.host.open();
  await harness.settle();
  const secrets = ['swordfishes', 'batterystaple', 'correcthorse', '123456789012'];
  harness.start('one').server.transport.peerHandlers?.onStderr([...secrets, 'production', 'somewhere'], 0);
  await harness.pass(1_000);
  const told = harness.world.logLines.join('\n');
  assert.match(told, /production[^]*somewhere/, 'under no name of a secret a word is one');
  for (const secret of secrets) assert.ok(!told.includes(secret), secret);
  await harness.end();
});

test('the secret of a header is one without its scheme too', () => {
  const { entry } = readServerEntry({
    url: 'https://a.example/mcp',
    headers: { Authorization: 'Bearer correcthorse' },
  });
  assert.ok(entry);
  const values = secretValues(entry, new Map(), { env: () => undefined } as never);
  assert.ok(values.includes('correcthorse'));
});

test('file addresses in what a server says become no links in its log', async () => {
  const harness = await HostHarness.open({ one: { command: 'one' } });
  const { server } = harness.start('one');
  server.notify('notifications/message', {
    level: 'info',
    data: 'see file:///etc/passwd and \\\\evil.example\\share',
  });
  await harness.pass(1_000);
  const told = harness.world.logLines.join('\n');
  assert.match(told, /etc\/passwd/);
  assert.doesNotMatch(told, /file:\/\//);
  assert.ok(!told.includes('\\\\evil'));
  await harness.end();
});
