/** `package.json`, the vocabulary in `contributions/ids` and `package.nls.json` say the same, both ways. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import {
  ARGUMENTS_SCHEME,
  Commands,
  ContextKeys,
  DocumentKinds,
  ItemKinds,
  Languages,
  SCHEME,
  ServerFlags,
  SETTING_DEFAULTS,
  Settings,
  SETTINGS_SECTION,
  Views,
} from '../../src/contributions/ids';

interface MenuItem {
  readonly command: string;
  readonly when?: string;
  readonly group?: string;
}

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] };
  };
  readonly contributes: {
    readonly commands: readonly {
      readonly command: string;
      readonly category: string;
      readonly icon?: string;
      readonly enablement?: string;
    }[];
    readonly menus: Readonly<Record<string, readonly MenuItem[]>>;
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly viewsWelcome: readonly {
      readonly view: string;
      readonly when: string;
      readonly contents: string;
    }[];
    readonly configuration: readonly {
      readonly properties: Readonly<Record<string, { readonly scope: string; readonly default: unknown }>>;
    }[];
    readonly configurationDefaults: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    readonly languages: readonly { readonly id: string }[];
    readonly grammars: readonly { readonly language: string; readonly path: string }[];
  };
}

const manifestText = readFileSync('package.json', 'utf8');
const manifest = JSON.parse(manifestText) as Manifest;
const nls = JSON.parse(readFileSync('package.nls.json', 'utf8')) as Record<string, string>;
const { contributes } = manifest;
const sorted = (items: Iterable<string>): readonly string[] => [...items].sort();

/** Keys of the editor that our `when` clauses may use. */
const EDITOR_KEYS = ['view', 'viewItem', 'isWorkspaceTrusted', 'resourceScheme', 'resourcePath'];

test('every command is declared, and every declared command exists', () => {
  assert.deepEqual(
    sorted(contributes.commands.map(({ command }) => command)),
    sorted(Object.values(Commands)),
  );
});

test('every command has our category and an icon', () => {
  for (const command of contributes.commands) {
    assert.equal(command.category, 'MCP Host', command.command);
    assert.match(command.icon ?? '', /^\$\([a-z-]+\)$/, command.command);
  }
});

test('menus name declared commands only', () => {
  const known = new Set<string>(Object.values(Commands));
  for (const [menu, items] of Object.entries(contributes.menus))
    for (const { command } of items) assert.ok(known.has(command), `${menu}: ${command}`);
});

test('what an icon on a row does is in the menu of the row too, which is what the keyboard reaches', () => {
  const items = contributes.menus['view/item/context'] ?? [];
  const isInline = ({ group }: MenuItem): boolean => group?.startsWith('inline') === true;
  const inMenu = new Set(
    items.filter((item) => !isInline(item)).map(({ command, when }) => `${command} ${when ?? ''}`),
  );
  for (const { command, when } of items.filter(isInline))
    assert.ok(inMenu.has(`${command} ${when ?? ''}`), command);
});

test('a server that is signed in to has Sign In, which messages about a closed step-up point to, and Sign Out in its menu', () => {
  const items = contributes.menus['view/item/context'] ?? [];
  const whenOf = (wanted: string): string =>
    items.flatMap(({ command, when }) => (command === wanted ? [when] : [])).join();
  for (const command of [Commands.signIn, Commands.signOut])
    assert.ok(whenOf(command).includes(`\\b${ServerFlags.signsIn}\\b`), command);
  assert.ok(whenOf(Commands.signIn).includes(`\\b${ServerFlags.needsSignIn}\\b`));
});

test('when clauses mention known keys only', () => {
  const known = new Set<string>([...EDITOR_KEYS, ...Object.values(ContextKeys)]);
  const clauses = [
    ...Object.values(contributes.menus).flatMap((items) => items.map(({ when }) => when)),
    ...contributes.commands.map(({ enablement }) => enablement),
    ...contributes.viewsWelcome.map(({ when }) => when),
  ];
  for (const clause of clauses) {
    const plain = (clause ?? '').replaceAll(/\/(?:\\.|[^/\\])+\//g, '').replaceAll(/==\s*[\w.-]+/g, '');
    for (const key of plain.match(/[A-Za-z][\w.]*/g) ?? [])
      assert.ok(known.has(key) || key === 'false', `${clause ?? ''}: ${key}`);
  }
});

test('item kinds and flags in when clauses are those that rows carry', () => {
  const known = new Set<string>([...Object.values(ItemKinds), ...Object.values(ServerFlags)]);
  const clauses = Object.values(contributes.menus).flatMap((items) => items.map(({ when }) => when ?? ''));
  for (const clause of clauses) {
    const equal = /viewItem == ([\w-]+)/.exec(clause)?.[1];
    const pattern = /viewItem =~ \/((?:\\.|[^/\\])+)\//.exec(clause)?.[1];
    const words = (pattern ?? '')
      .replaceAll('\\b', ' ')
      .replaceAll(/[^\w-]+/g, ' ')
      .split(' ')
      .filter((word) => word.length > 1 && word !== 'approval-');
    for (const word of [...words, ...(equal === undefined ? [] : [equal])])
      assert.ok(known.has(word), `${clause}: ${word}`);
  }
});

test('the documents that menus speak of use our scheme and path segments', () => {
  for (const { when } of contributes.menus['editor/title'] ?? []) {
    assert.match(when ?? '', new RegExp(`resourceScheme == ${SCHEME}`));
    const segment = /resourcePath =~ \/\^\\\/([a-z]+)/.exec(when ?? '')?.[1];
    assert.ok(Object.values<string>(DocumentKinds).includes(segment ?? ''), when);
  }
  for (const scheme of [SCHEME, ARGUMENTS_SCHEME])
    assert.ok(manifest.activationEvents.includes(`onFileSystem:${scheme}`), scheme);
});

test('settings and their defaults are the same on both sides', () => {
  const properties = contributes.configuration.flatMap((section) => Object.entries(section.properties));
  assert.deepEqual(
    sorted(properties.map(([key]) => key)),
    sorted(Object.values(Settings).map((key) => `${SETTINGS_SECTION}.${key}`)),
  );
  for (const [key, { default: declared }] of properties)
    assert.deepEqual(
      declared,
      SETTING_DEFAULTS[key.slice(SETTINGS_SECTION.length + 1) as keyof typeof SETTING_DEFAULTS],
      key,
    );
});

test('a workspace can set the server list and its inputs, and nothing else (T007)', () => {
  const lists = [`${SETTINGS_SECTION}.${Settings.servers}`, `${SETTINGS_SECTION}.${Settings.inputs}`];
  for (const [key, { scope }] of contributes.configuration.flatMap((section) =>
    Object.entries(section.properties),
  ))
    assert.equal(scope, lists.includes(key) ? 'resource' : 'application', key);
  assert.deepEqual(sorted(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations), sorted(lists));
});

test('views are declared under our container', () => {
  assert.deepEqual(
    contributes.views[Views.container]?.map(({ id }) => id),
    [Views.servers, Views.approvals, Views.permissions, Views.context],
  );
});

test('languages of our own have a grammar and no file names', () => {
  assert.deepEqual(sorted(contributes.languages.map(({ id }) => id)), sorted(Object.keys(Languages)));
  for (const { language, path } of contributes.grammars) {
    const grammar = JSON.parse(readFileSync(path, 'utf8')) as { patterns: readonly { include: string }[] };
    assert.deepEqual(grammar.patterns, [{ include: Languages[language as keyof typeof Languages].scope }]);
  }
  for (const language of contributes.languages)
    assert.deepEqual(
      Object.keys(language).filter((key) => /^(extensions|filenames|filenamePatterns|firstLine)$/.test(key)),
      [],
    );
});

test('what a person writes is saved by nobody else, and nothing rewrites it when it is saved', () => {
  assert.deepEqual(contributes.configurationDefaults['[mcp-json]'], {
    'files.autoSave': 'off',
    'files.eol': '\n',
    'files.insertFinalNewline': false,
    'files.trimFinalNewlines': false,
    'files.trimTrailingWhitespace': false,
    'editor.codeActionsOnSave': {},
    'editor.formatOnSave': false,
    'editor.unusualLineTerminators': 'off',
  });
});

test('every text is in package.nls.json, and every text there is used', () => {
  const used = [...manifestText.matchAll(/"%([\w.]+)%"/g)].map((match) => match[1] ?? '');
  assert.deepEqual(sorted(new Set(used)), sorted(Object.keys(nls)));
});

test('nothing of ours takes a name that the editor owns', () => {
  for (const command of Object.values<string>(Commands)) assert.match(command, /^mcpHost\./);
  assert.doesNotMatch(manifestText, /"(?:chat\.)?mcp\.[a-z]/);
});
