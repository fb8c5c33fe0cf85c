import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ToolRules } from '../../../src/policy/serverEntry';
import { isToolOffered } from '../../../src/policy/toolRules';
import { matchesWildcard } from '../../../src/policy/wildcard';
import { processorMs } from '../../support/processorTime';

const MATCHES: readonly (readonly [text: string, pattern: string, matches: boolean])[] = [
  ['read_file', 'read_file', true],
  ['read_file', 'read', false],
  ['read_file', 'read*', true],
  ['read_file', '*file', true],
  ['read_file', '*_*', true],
  ['read_file', 'r*d*e', true],
  ['read_file', 'r*x*e', false],
  ['read_file', '*', true],
  ['', '*', true],
  ['', '', true],
  ['a', '', false],
  ['', 'a', false],
  ['a', '**', true],
  ['ab', 'ab*ab', false],
  ['abab', 'ab*ab', true],
  ['aba', 'ab*ba', false],
  ['axbxc', 'a*b*c', true],
  ['abcbc', '*bc', true],
  ['a.c', 'a?c', false],
  ['abc', 'a.c', false],
  ['Read', 'read', false],
  ['xaab', '*aab', true],
  ['a*c', 'a*c', true],
];
for (const [text, pattern, matches] of MATCHES) {
  test(`"${text}" ${matches ? 'matches' : 'does not match'} "${pattern}"`, () => {
    assert.equal(matchesWildcard(text, pattern), matches);
  });
}

test('matching agrees with a regular expression', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 12 });
  fc.assert(
    fc.property(letters, letters, (text, pattern) => {
      const expected = new RegExp(`^${pattern.replaceAll('*', '[^]*')}$`).test(text);
      assert.equal(matchesWildcard(text, pattern), expected);
    }),
    { numRuns: 5_000 },
  );
});

test('many stars cost no more than few', () => {
  const start = processorMs();
  assert.equal(matchesWildcard('a'.repeat(100_000), '*a'.repeat(5_000) + 'b'), false);
  assert.equal(matchesWildcard('a'.repeat(100_000), 'a*'.repeat(5_000) + 'b*'), false);
  assert.ok(processorMs() - start < 2_000);
});

const OFFERED: readonly (readonly [name: string, rules: ToolRules, offered: boolean])[] = [
  ['any', { deny: [] }, true],
  ['any', { allow: [], deny: [] }, false],
  ['read', { allow: ['read'], deny: [] }, true],
  ['write', { allow: ['read'], deny: [] }, false],
  ['write', { deny: ['write'] }, false],
  ['read', { deny: ['write'] }, true],
  ['read', { allow: ['*'], deny: ['r*'] }, false],
  ['read', { allow: ['read'], deny: ['read'] }, false],
  ['__proto__', { allow: ['read'], deny: [] }, false],
];
for (const [name, rules, offered] of OFFERED) {
  test(`${name} is ${offered ? '' : 'not '}offered under ${JSON.stringify(rules)}`, () => {
    assert.equal(isToolOffered(name, rules), offered);
  });
}
