// @ts-check
/** Import directions. The table is the architecture; ARCHITECTURE.md explains it. */

/** Folder of `src/` → folders it may import. @type {Record<string, string[]>} */
const allowed = {
  base: [],
  contributions: [],
  protocol: ['base'],
  transport: ['base', 'protocol'],
  rpc: ['base', 'protocol', 'transport'],
  authorization: ['base', 'protocol', 'transport'],
  client: ['base', 'protocol', 'transport', 'rpc', 'authorization'],
  policy: ['base', 'protocol'],
  validation: ['base'],
  host: ['base', 'protocol', 'policy', 'rpc', 'client'],
  presentation: ['base', 'protocol', 'policy', 'contributions', 'host'],
  platform: ['base', 'protocol', 'policy', 'host', 'client', 'contributions', 'transport'],
  ui: ['base', 'protocol', 'policy', 'presentation', 'contributions', 'host', 'validation'],
  webview: ['presentation'],
};

/** Pairs of which the first may import only types of the second. */
const typesOnly = [
  ['host', 'client'],
  ['presentation', 'host'],
  ['ui', 'host'],
  ['platform', 'client'],
  ['webview', 'presentation'],
];

/** Folders that do no input or output at all. */
const pure = ['base', 'contributions', 'protocol', 'policy', 'presentation'];

/** @param {string} name @param {object} from @param {object} to */
const forbid = (name, from, to) => ({ name, severity: 'error', from, to });

module.exports = {
  forbidden: [
    ...Object.entries(allowed).map(([folder, others]) =>
      forbid(
        `${folder}-imports`,
        { path: `^src/${folder}/` },
        { path: '^src/', pathNot: `^src/(${[folder, ...others].join('|')})/` },
      ),
    ),
    ...typesOnly.map(([from, to]) =>
      forbid(
        `${from}-${to}-types-only`,
        { path: `^src/${from}/` },
        { path: `^src/${to}/`, dependencyTypesNot: ['type-only'] },
      ),
    ),
    forbid(
      'unknown-folder',
      { path: '^src/' },
      { path: '^src/[^/]+/', pathNot: `^src/(${Object.keys(allowed).join('|')})/` },
    ),
    forbid(
      'vscode-only-at-the-edge',
      {
        path: '^(src|test/(unit|contract|process|support))/',
        pathNot: '^src/(ui|platform)/|^src/extension\\.ts$',
      },
      { path: '^vscode$|@types/vscode' },
    ),
    forbid('pure-folders-do-no-io', { path: `^src/(${pure.join('|')})/` }, { dependencyTypes: ['core'] }),
    forbid(
      'only-transport-and-rpc-start-processes',
      { path: '^src/', pathNot: '^src/(transport|rpc)/' },
      { path: '^(node:)?(child_process|net|http|https|tls)$' },
    ),
    forbid(
      'one-way-over-http',
      { path: '^src/', pathNot: '^src/transport/(http/|loopbackRedirect\\.ts$)' },
      { path: '^(node:)?(http|https|http2|tls)$' },
    ),
    forbid('product-does-not-import-tests', { path: '^src/' }, { path: '^(test|bench|scripts|examples)/' }),
    forbid('no-cycles', { path: '^(src|test)/' }, { circular: true }),
  ],
  options: {
    tsPreCompilationDeps: 'specify',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|out|\\.cache)/' },
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
