// @ts-check
// Owns how the extension is cut into files: one core that is loaded at activation, and parts that are loaded when something
// first needs them. Knows nothing of what is in them.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { transform } from 'esbuild';
import { repoRoot } from './paths.mjs';

/** Where the chunks lie, below `dist`. */
const CHUNKS = 'chunks';

/** What was built, for checks and tests; it is no part of the extension. */
const partsFile = path.join(repoRoot, 'dist', 'parts.json');

/**
 * One file of the extension.
 * @typedef {object} Part
 * @property {string} file relative to the repository, with slashes
 * @property {number} bytes its size
 * @property {boolean} atActivation whether it is loaded with `extension.js`
 * @property {readonly string[]} sources the modules whose code is in it
 * @property {string | undefined} entry the module that is imported when it is loaded later, if it is one of those
 */

/**
 * What the last build made.
 * @returns {readonly Part[]}
 */
export function builtParts() {
  return JSON.parse(readFileSync(partsFile, 'utf8'));
}

/**
 * Builds an entry and each module that it imports with `import()`, once, as CommonJS that shares every module.
 *
 * esbuild shares code between outputs only as ES modules, and the editor's `vscode` module is reached most reliably with
 * `require`, so each output is turned into CommonJS afterwards. An `import()` becomes a `require` in a promise: no part ever
 * meets a second module loader.
 * @param {{ entry: string, banner: string }} cut `entry` relative to the repository; `banner` is the first statement of the core
 * @param {Omit<import('esbuild').BuildOptions, 'format' | 'entryPoints' | 'outdir' | 'splitting' | 'write'>} esbuildOptions
 * @returns {import('esbuild').BuildOptions}
 */
export function inParts({ entry, banner }, esbuildOptions) {
  return {
    ...esbuildOptions,
    entryPoints: [entry],
    format: 'esm',
    splitting: true,
    write: false,
    metafile: true,
    outdir: 'dist',
    // A part never meets a core of another build: a name stands for a content.
    chunkNames: `${CHUNKS}/[name]-[hash]`,
    plugins: [...(esbuildOptions.plugins ?? []), oneCore(entry), asCommonJs(entry, banner, esbuildOptions)],
  };
}

/**
 * Keeps what is loaded at activation in one file. esbuild makes a chunk for every combination of parts that share a module;
 * when each part is seen to need the whole entry, all of the entry's modules have the same combination.
 * @param {string} entry
 * @returns {import('esbuild').Plugin}
 */
function oneCore(entry) {
  return {
    name: 'one core',
    setup(build) {
      build.onResolve({ filter: /^\./ }, async ({ path: given, kind, resolveDir, importer, namespace }) => {
        if (kind !== 'dynamic-import' || namespace !== 'file') return undefined;
        const found = await build.resolve(given, { kind: 'import-statement', resolveDir, importer });
        return found.errors.length > 0 ? found : { path: found.path, namespace: 'part' };
      });
      build.onLoad({ filter: /.*/, namespace: 'part' }, ({ path: target }) => ({
        contents: [path.resolve(repoRoot, entry), target]
          .map((file, index) => `${index === 0 ? 'import' : 'export * from'} ${JSON.stringify(file)};`)
          .join('\n'),
        resolveDir: repoRoot,
      }));
    },
  };
}

/**
 * Turns the outputs into CommonJS, and writes them and `parts.json`.
 * @param {string} entry
 * @param {string} banner
 * @param {Pick<import('esbuild').BuildOptions, 'minify' | 'sourcemap' | 'target'>} options
 * @returns {import('esbuild').Plugin}
 */
function asCommonJs(entry, banner, options) {
  return {
    name: 'as CommonJS',
    setup(build) {
      build.onEnd(async ({ errors, metafile, outputFiles = [] }) => {
        if (errors.length > 0 || !metafile) return;
        const folder = path.join(repoRoot, 'dist', CHUNKS);
        mkdirSync(folder, { recursive: true });
        const core = Object.entries(metafile.outputs).find(([, { inputs }]) => entry in inputs)?.[0];
        const maps = new Map(outputFiles.map((file) => [file.path, file]));
        const written = new Set();
        for (const file of outputFiles.filter(({ path: name }) => name.endsWith('.js'))) {
          const map = maps.get(`${file.path}.map`);
          const inline = map
            ? `\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(map.text).toString('base64')}`
            : '';
          const name = path.relative(repoRoot, file.path).replaceAll(path.sep, '/');
          const made = await transform(`${withoutMapLink(file.text)}${inline}`, {
            format: 'cjs',
            platform: 'node',
            target: options.target ?? 'node22',
            supported: { 'dynamic-import': false },
            minify: options.minify ?? false,
            sourcemap: map ? 'external' : false,
            sourcefile: path.basename(name),
            legalComments: 'none',
            ...(name === core ? { banner } : {}),
          });
          const link = map ? `//# sourceMappingURL=${path.basename(name)}.map\n` : '';
          writeFileSync(file.path, `${made.code}${link}`);
          if (map) writeFileSync(`${file.path}.map`, made.map);
          const output = metafile.outputs[name];
          if (output) output.bytes = Buffer.byteLength(made.code);
          written.add(path.basename(name)).add(`${path.basename(name)}.map`);
        }
        // What an earlier build left while watching.
        for (const name of readdirSync(folder)) if (!written.has(name)) rmSync(path.join(folder, name));
        writeFileSync(partsFile, `${JSON.stringify(partsOf(metafile), undefined, 2)}\n`);
      });
    },
  };
}

/** @param {string} code */
function withoutMapLink(code) {
  return code.replace(/\/\/# sourceMappingURL=\S+\s*$/, '');
}

/**
 * @param {import('esbuild').Metafile} metafile
 * @returns {Part[]}
 */
function partsOf({ outputs }) {
  const scripts = Object.keys(outputs).filter((file) => file.endsWith('.js'));
  const atActivation = new Set(['dist/extension.js']);
  for (const file of atActivation)
    for (const { path: other, kind } of outputs[file]?.imports ?? [])
      if (kind === 'import-statement' && other in outputs) atActivation.add(other);
  return scripts.map((file) => {
    const { bytes = 0, inputs = {}, entryPoint } = outputs[file] ?? {};
    const sources = Object.keys(inputs).filter((name) => !name.startsWith('part:'));
    return {
      file,
      bytes,
      atActivation: atActivation.has(file),
      sources: sources.filter((name) => (inputs[name]?.bytesInOutput ?? 0) > 0),
      entry: entryPoint?.startsWith('part:')
        ? path.relative(repoRoot, entryPoint.slice('part:'.length)).replaceAll(path.sep, '/')
        : undefined,
    };
  });
}
