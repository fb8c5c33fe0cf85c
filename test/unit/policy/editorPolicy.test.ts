import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decideAccess, type AccessQuestion } from '../../../src/policy/editorPolicy';

const LOCAL = { name: 'files', command: ['npx', '-y', 'files@1.0.0'] } as const;
const REMOTE = { name: 'api', url: 'https://api.example.com/mcp?x=1' } as const;

function ask(question: Partial<AccessQuestion>): string {
  const decision = decideAccess({
    access: 'all',
    allowedServers: null,
    deniedServers: null,
    entry: LOCAL,
    ...question,
  });
  return decision.kind === 'allowed' ? 'allowed' : decision.setting;
}

const ACCESS = 'chat.mcp.access';
const ALLOWED = 'chat.mcp.allowedServers';
const DENIED = 'chat.mcp.deniedServers';

const TABLE: readonly (readonly [title: string, question: Partial<AccessQuestion>, outcome: string])[] = [
  ['nothing is set', { access: undefined, allowedServers: undefined, deniedServers: undefined }, 'allowed'],
  ['access is null', { access: null }, 'allowed'],
  ['access is all', { access: 'all' }, 'allowed'],
  ['access is none', { access: 'none' }, ACCESS],
  ['access is registry', { access: 'registry' }, ACCESS],
  ['access is unknown', { access: 'some' }, ACCESS],
  ['access is All', { access: 'All' }, ACCESS],
  ['access is empty', { access: '' }, ACCESS],
  ['access is true', { access: true }, ACCESS],
  ['access is an object', { access: {} }, ACCESS],
  [
    'access none wins over an allow rule',
    { access: 'none', allowedServers: [{ serverName: 'files' }] },
    ACCESS,
  ],
  ['the allow list is empty', { allowedServers: [] }, ALLOWED],
  ['the deny list is empty', { deniedServers: [] }, 'allowed'],
  ['its name is allowed', { allowedServers: [{ serverName: 'files' }] }, 'allowed'],
  ['another name is allowed', { allowedServers: [{ serverName: 'file' }] }, ALLOWED],
  ['a name differs in case', { allowedServers: [{ serverName: 'Files' }] }, ALLOWED],
  ['a name has a star', { allowedServers: [{ serverName: '*' }] }, ALLOWED],
  ['the second rule allows', { allowedServers: [{ serverName: 'x' }, { serverName: 'files' }] }, 'allowed'],
  ['its name is denied', { deniedServers: [{ serverName: 'files' }] }, DENIED],
  ['another name is denied', { deniedServers: [{ serverName: 'x' }] }, 'allowed'],
  [
    'it is both allowed and denied',
    { allowedServers: [{ serverName: 'files' }], deniedServers: [{ serverName: 'files' }] },
    DENIED,
  ],
  [
    'its command is allowed',
    { allowedServers: [{ serverCommand: ['npx', '-y', 'files@1.0.0'] }] },
    'allowed',
  ],
  [
    'the beginning of its command is allowed',
    { allowedServers: [{ serverCommand: ['npx', '-y'] }] },
    ALLOWED,
  ],
  [
    'a longer command is allowed',
    { allowedServers: [{ serverCommand: ['npx', '-y', 'files@1.0.0', 'x'] }] },
    ALLOWED,
  ],
  [
    'its command is allowed as one string',
    { allowedServers: [{ serverCommand: ['npx -y files@1.0.0'] }] },
    ALLOWED,
  ],
  ['its command is denied', { deniedServers: [{ serverCommand: ['npx', '-y', 'files@1.0.0'] }] }, DENIED],
  ['a URL is allowed', { allowedServers: [{ serverUrl: '*' }] }, ALLOWED],
  [
    'a command is allowed, for a remote server',
    { entry: REMOTE, allowedServers: [{ serverCommand: ['x'] }] },
    ALLOWED,
  ],
  ['the allow list is an object', { allowedServers: {} }, ALLOWED],
  ['the allow list is a string', { allowedServers: 'files' }, ALLOWED],
  ['the allow list is false', { allowedServers: false }, ALLOWED],
  ['the deny list is a string', { deniedServers: 'x' }, DENIED],
  ['the deny list is an object', { deniedServers: { serverName: 'x' } }, DENIED],
  ['a rule is a string', { deniedServers: ['x'] }, DENIED],
  ['a rule is null', { allowedServers: [{ serverName: 'files' }, null] }, ALLOWED],
  ['a rule is empty', { deniedServers: [{}] }, DENIED],
  ['a rule has an unknown key', { deniedServers: [{ servername: 'x' }] }, DENIED],
  ['a rule has two keys', { allowedServers: [{ serverName: 'files', serverUrl: '*' }] }, ALLOWED],
  ['a rule has the wrong type', { deniedServers: [{ serverName: 1 }] }, DENIED],
  ['a rule has an empty command', { deniedServers: [{ serverCommand: [] }] }, DENIED],
  ['a rule has a number in its command', { allowedServers: [{ serverCommand: ['npx', 1] }] }, ALLOWED],
];
for (const [title, question, outcome] of TABLE) {
  test(`when ${title}: ${outcome}`, () => assert.equal(ask(question), outcome));
}

const URLS: readonly (readonly [pattern: string, url: string, allowed: boolean, denied: boolean])[] = [
  ['https://api.example.com/mcp', 'https://api.example.com/mcp', true, true],
  ['https://api.example.com/mcp', 'https://api.example.com/mcp2', false, false],
  ['https://api.example.com/*', 'https://api.example.com/mcp?x=1', true, true],
  ['https://api.example.com', 'https://api.example.com/', true, true],
  ['https://api.example.com', 'https://api.example.com', true, true],
  ['https://*.example.com/*', 'https://a.b.example.com/x', true, true],
  ['https://*.example.com/*', 'https://example.com/x', false, false],
  ['https://*.example.com/*', 'https://evil.test/.example.com/x', false, true],
  ['https://*.example.com/*', 'https://evil.test/?.example.com/x', false, true],
  ['https://*.example.com/*', 'https://evil.test#.example.com/x', false, true],
  ['https://*example.com/*', 'https://user:p@evil.test/example.com/', false, true],
  ['https://good.test/*', 'https://good.test@evil.test/', false, false],
  ['https://good.test/*', 'https://good.test.evil.test/', false, false],
  ['https://good.test/*', 'https://user:p@good.test/', true, true],
  ['https://good.test/*', 'https://GOOD.test/x', true, true],
  ['https://good.test/*', 'HTTPS://good.test:443/x', true, true],
  ['https://good.test/*', 'https://good.test:8443/x', false, false],
  ['https://good.test:8443/*', 'https://good.test:8443/x', true, true],
  ['https://good.test:*/*', 'https://good.test/x', true, true],
  ['https://good.test/*', 'http://good.test/x', false, false],
  ['*://good.test/*', 'http://good.test/x', true, true],
  ['https://good.test/a/*', 'https://good.test/a/../b', false, true],
  ['*', 'https://any.test/', true, true],
  ['good.test', 'https://good.test/', false, false],
  ['*good.test*', 'https://good.test/', false, true],
  ['https://good.test/*', 'not a url', false, false],
];
for (const [pattern, url, allowed, denied] of URLS) {
  test(`the rule ${pattern} for ${url}`, () => {
    const entry = { name: 'x', url };
    const rules = [{ serverUrl: pattern }];
    assert.equal(ask({ entry, allowedServers: rules }) === 'allowed', allowed);
    assert.equal(ask({ entry, deniedServers: rules }) !== 'allowed', denied);
  });
}

test('whatever a rule allows, the same rule denies', () => {
  const part = fc.constantFrom('https://', 'http://', '*', 'a.test', '.', '/', ':443', 'evil', '@', '?', '#');
  const text = fc.array(part, { maxLength: 6 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, text, (pattern, url) => {
      const entry = { name: 'x', url };
      const rules = [{ serverUrl: pattern }];
      if (ask({ entry, allowedServers: rules }) === 'allowed')
        assert.equal(ask({ entry, deniedServers: rules }), DENIED);
    }),
    { numRuns: 5_000 },
  );
});

test('lists that are not understood never allow and never throw', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (raw) => {
      fc.pre(raw !== null && !(Array.isArray(raw) && raw.length === 0));
      assert.equal(ask({ allowedServers: raw }), ALLOWED);
      assert.equal(ask({ deniedServers: raw }), DENIED);
    }),
  );
});

test('the reason names the setting and cannot act', () => {
  const decision = decideAccess({
    access: '](command:x)\u202e',
    allowedServers: null,
    deniedServers: null,
    entry: LOCAL,
  });
  assert.ok(decision.kind === 'denied');
  assert.match(decision.reason, /chat\.mcp\.access/);
  assert.doesNotMatch(decision.reason, /\]\(|\u202e/);
});
