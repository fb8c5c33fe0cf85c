// @ts-check
// Owns how a program is cut into files: one core that is loaded first, and parts that are loaded when something first needs them.
// Knows nothing of what is in them.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { transform } from 'esbuild';
import { repoRoot } from './paths.mjs';

/**
 * A program to be cut.
 * @typedef {object} Cut
 * @property {string} name of its core, without extension; the parts lie in the folder `<name>-parts`
 * @property {string} entry relative to the repository
 * @property {string} [banner] the first statement of the core
 */

/**
 * One file of a program.
 * @typedef {object} Part
 * @property {string} file relative to the repository, with slashes
 * @property {number} bytes its size
 * @property {boolean} isFirst whether it is loaded with the core
 * @property {readonly string[]} sources the modules whose code is in it
 * @property {string | undefined} entry the module that is imported when it is loaded later, if it is one of those
 */

/**
 * What the last build made.
 * @param {string} name of the program
 * @returns {readonly Part[]}
 */
export function builtParts(name) {
  return JSON.parse(readFileSync(recordOf(name), 'utf8'));
}

/** For checks and tests; it is no part of what is shipped. @param {string} name */
function recordOf(name) {
  return path.join(repoRoot, 'dist', `${name}-parts.json`);
}

/**
 * Builds an entry and each module that it imports with `import()`, once, as CommonJS that shares every module.
 *
 * esbuild shares code between outputs only as ES modules, and the editor's `vscode` module is reached most reliably with
 * `require`, so each output is turned into CommonJS afterwards. An `import()` becomes a `require` in a promise: no part ever
 * meets a second module loader.
 * @param {Cut} cut
 * @param {Omit<import('esbuild').BuildOptions, 'format' | 'entryPoints' | 'outdir' | 'splitting' | 'write'>} esbuildOptions
 * @returns {import('esbuild').BuildOptions}
 */
export function inParts(cut, esbuildOptions) {
  return {
    ...esbuildOptions,
    entryPoints: { [cut.name]: cut.entry },
    format: 'esm',
    splitting: true,
    write: false,
    metafile: true,
    outdir: 'dist',
    // A part never meets a core of another build: a name stands for a content.
    chunkNames: `${cut.name}-parts/[name]-[hash]`,
    plugins: [...(esbuildOptions.plugins ?? []), oneCore(cut.entry), asCommonJs(cut, esbuildOptions)],
  };
}

/**
 * Keeps what is loaded first in one file. esbuild makes a chunk for every combination of parts that share a module;
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
 * Turns the outputs into CommonJS, and writes them and a record of them.
 * @param {Cut} cut
 * @param {Pick<import('esbuild').BuildOptions, 'minify' | 'sourcemap' | 'target'>} options
 * @returns {import('esbuild').Plugin}
 */
function asCommonJs({ name: program, entry, banner }, options) {
  return {
    name: 'as CommonJS',
    setup(build) {
      build.onEnd(async ({ errors, metafile, outputFiles = [] }) => {
        if (errors.length > 0 || !metafile) return;
        const folder = path.join(repoRoot, 'dist', `${program}-parts`);
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
          const made = await transform(`${withPlainExports(withoutMapLink(file.text))}${inline}`, {
            format: 'cjs',
            platform: 'node',
            target: options.target ?? 'node22',
            supported: { 'dynamic-import': false },
            minify: options.minify ?? false,
            sourcemap: map ? 'external' : false,
            sourcefile: path.basename(name),
            legalComments: 'none',
            ...(name === core && banner !== undefined ? { banner } : {}),
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
        writeFileSync(recordOf(program), `${JSON.stringify(partsOf(program, metafile), undefined, 2)}\n`);
      });
    },
  };
}

/**
 * Exports plain values. The bundler would write two getters for each, for exports that are assigned later; of ours none is, and in the
 * thread of every server they cost memory.
 * @param {string} code an ES module as esbuild writes it: with one list of exports at its end
 */
function withPlainExports(code) {
  return code.replace(/\bexport\s*\{([^{}]*)\}\s*;?\s*$/, (_, list) => {
    const members = String(list)
      .split(',')
      .map((each) => each.trim().split(/\s+as\s+/))
      .map(([local, name = local]) => `${name}: ${local}`);
    return `module.exports = { ${members.join(', ')} };\n`;
  });
}

/** @param {string} code */
function withoutMapLink(code) {
  return code.replace(/\/\/# sourceMappingURL=\S+\s*$/, '');
}

/**
 * @param {string} program
 * @param {import('esbuild').Metafile} metafile
 * @returns {Part[]}
 */
function partsOf(program, { outputs }) {
  const scripts = Object.keys(outputs).filter((file) => file.endsWith('.js'));
  const first = new Set([`dist/${program}.js`]);
  for (const file of first)
    for (const { path: other, kind } of outputs[file]?.imports ?? [])
      if (kind === 'import-statement' && other in outputs) first.add(other);
  return scripts.map((file) => {
    const { bytes = 0, inputs = {}, entryPoint } = outputs[file] ?? {};
    const sources = Object.keys(inputs).filter((name) => !name.startsWith('part:'));
    return {
      file,
      bytes,
      isFirst: first.has(file),
      sources: sources.filter((name) => (inputs[name]?.bytesInOutput ?? 0) > 0),
      entry: entryPoint?.startsWith('part:')
        ? path.relative(repoRoot, entryPoint.slice('part:'.length)).replaceAll(path.sep, '/')
        : undefined,
    };
  });
}
