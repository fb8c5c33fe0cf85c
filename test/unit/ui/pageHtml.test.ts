import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { pageHtml } from '../../../src/ui/pageHtml';

const PAGE = pageHtml({ source: 'https://own.example', script: 's.js', style: 's.css', nonce: 'N0nce' });

test('a page lets nothing load but our style and one script that knows the nonce', () => {
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(PAGE)?.[1];
  assert.equal(policy, "default-src 'none'; style-src https://own.example; script-src 'nonce-N0nce'");
  const scripts = [...PAGE.matchAll(/<script[^>]*>/g)].map(([tag]) => tag);
  assert.deepEqual(scripts, ['<script nonce="N0nce" src="s.js">']);
  assert.doesNotMatch(PAGE, /unsafe|\son\w+=|javascript:/);
});

test('no other page of ours is made without such a policy', () => {
  const folder = path.resolve('src');
  const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .filter((file) => readFileSync(path.join(folder, file), 'utf8').includes('<!DOCTYPE html>'));
  assert.ok(pages.length > 0);
  for (const file of pages) {
    const text = readFileSync(path.join(folder, file), 'utf8');
    assert.match(text, /Content-Security-Policy" content="default-src 'none';/, file);
    assert.doesNotMatch(text, /unsafe-(?:inline|eval)/, file);
  }
});
