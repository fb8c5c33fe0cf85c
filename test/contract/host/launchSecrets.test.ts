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

/** What is a secret of an entry for settings. */
function secretsOf(
  entry: Readonly<Record<string, unknown>>,
  environment: Readonly<Record<string, string>> = {},
): readonly string[] {
  const read = readServerEntry(entry);
  assert.ok(read.entry, JSON.stringify(read.problems));
  return secretValues(read.entry, new Map(), { env: (name: string) => environment[name] } as never);
}

function remote(headers: Readonly<Record<string, string>>): object {
  return { url: 'https://a.example/mcp', headers };
}

function local(...args: readonly string[]): object {
  return { command: 'one', args };
}

test('the secret of a header is one behind any scheme, in a parameter and in a cookie; names and ordinary words are none', () => {
  const cases: readonly (readonly [Record<string, string>, readonly string[], readonly string[]])[] = [
    [{ Authorization: 'Api-Token abc-123' }, ['abc-123'], ['Api-Token']],
    [{ Authorization: 'SSWS correcthorse' }, ['correcthorse'], ['SSWS']],
    [{ Authorization: 'Key  swordfishes' }, ['swordfishes'], ['Key']],
    [{ Authorization: 'Token token="correcthorse"' }, ['correcthorse'], ['token', 'Token']],
    [
      { Authorization: 'Token token=correcthorse, realm=somewhere' },
      ['correcthorse'],
      ['somewhere', 'realm'],
    ],
    [
      { Authorization: 'HMAC-SHA256 Credential=AK/2026, Signature=fe5f80==' },
      ['AK/2026', 'fe5f80'],
      ['HMAC-SHA256', 'Signature', 'Credential'],
    ],
    [
      { cookie: 'session_id=abc-123; theme=darkness; auth="open=sesame9"; sid=k9.x77' },
      ['abc-123', 'open=sesame9', 'sesame9', 'k9.x77'],
      ['session_id', 'theme', 'darkness', ''],
    ],
    [{ 'X-Api-Key': 'one.part,other=part.2' }, ['one.part', 'part.2'], ['other']],
    [{ Authorization: 'Api-Token ${input:it}' }, [], ['Api-Token', '${input:it}', '']],
    [{ Authorization: 'Api-Token prefix${input:it}-77x' }, ['-77x'], ['prefix', '']],
    [{ 'X-Region': 'Near eu-west-1' }, [], ['eu-west-1']],
  ];
  for (const [headers, wanted, unwanted] of cases) {
    const found = secretsOf({ ...remote(headers) });
    for (const secret of wanted) assert.ok(found.includes(secret), `${secret} in ${JSON.stringify(found)}`);
    for (const word of unwanted) assert.ok(!found.includes(word), `${word} not in ${JSON.stringify(found)}`);
  }
});

test('so are those that a variable brings into a header', () => {
  const environment = { AS_IT_IS: 'session=abc-123; theme=darkness', HIDDEN_AUTH: 'SSWS correcthorse' };
  const found = secretsOf(
    remote({ Cookie: '${env:AS_IT_IS}', A: '${env:HIDDEN_AUTH}' }) as never,
    environment,
  );
  for (const secret of ['abc-123', 'correcthorse']) assert.ok(found.includes(secret), secret);
  assert.ok(!found.includes('darkness'));
});

test('a literal behind a flag, or in an address, is a secret where it bears the name of one', () => {
  const cases: readonly (readonly [object, readonly string[], readonly string[]])[] = [
    [local('--api-key', 'swordfishes', 'production'), ['swordfishes'], ['production']],
    [local('--password=correcthorse', '--mode=production'), ['correcthorse'], ['production']],
    [local('-e', 'DB_PASSWORD=correcthorse', '-e', 'STAGE=production'), ['correcthorse'], ['production']],
    [local('--authKeyOfMine', 'k-77-x9'), ['k-77-x9'], []],
    [local('--header', 'Authorization: SSWS correcthorse'), ['correcthorse'], ['SSWS']],
    [local('-H', 'X-Api-Key:swordfishes', '--header=Cookie: s=a-b-c-d'), ['swordfishes', 'a-b-c-d'], ['s']],
    [local('https://a.example/mcp?x=production&key=correct%20horse'), ['correct horse'], ['production']],
    // Of these names none is certain, and a switch may stand before something else.
    [local('--max-tokens', '128000', '--author', 'somebody'), [], ['128000', 'somebody']],
    [local('--auth', '/work/project', '--key-file=./my.pem'), [], ['/work/project', './my.pem']],
    [local('--no-token', 'server.js', '--api-key', '--verbose'), [], ['server.js', '--verbose']],
    [
      { url: 'https://a.example/${input:x}?v=production&api_key=swordfishes#' },
      ['swordfishes'],
      ['production', 'https://a.example'],
    ],
  ];
  for (const [entry, wanted, unwanted] of cases) {
    const found = secretsOf({ ...entry });
    for (const secret of wanted) assert.ok(found.includes(secret), `${secret} in ${JSON.stringify(found)}`);
    for (const word of unwanted) assert.ok(!found.includes(word), `${word} not in ${JSON.stringify(found)}`);
  }
  assert.ok(
    secretsOf(local('--token', '${env:STAGE}') as never, { STAGE: 'correcthorse' }).includes('correcthorse'),
  );
});

test('what a server says without the scheme, the name of the cookie or the flag is not in its log', async () => {
  const harness = new HostHarness();
  harness.world.inputs = [{ id: 'pw', description: 'pw', password: true }];
  harness.world.inputAnswer = 'Api-Token p4rt-of-it';
  harness.world.setServers({
    one: {
      command: 'one',
      args: ['--api-key', 'swordfishes', '--header', 'Cookie: session=a-b-c-d; theme=darkness'],
      env: { AUTH_HEADER: '${input:pw}', OTHER_AUTH: 'SSWS correcthorse' },
    },
  });
  harness.host.open();
  await harness.settle();
  const { server } = harness.start('one');
  const secrets = ['swordfishes', 'a-b-c-d', 'p4rt-of-it', 'correcthorse'];
  server.transport.peerHandlers?.onStderr([`unknown ${secrets.join(' ')}, darkness`], 0);
  await harness.pass(1_000);
  const told = harness.world.logLines.join('\n');
  assert.match(told, /unknown[^\n]*darkness/, 'ordinary words stay');
  for (const secret of secrets) assert.ok(!told.includes(secret), secret);
  await harness.end();
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
