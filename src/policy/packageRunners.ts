/** Command lines that fetch a program and run it: which they are, and whether they say which version (T009). */

import { programName } from './paths';

/** A package runner in a command line. `pinned` when every package it may run is named with one exact version. */
interface PackageRun {
  /** The words that make it a runner, such as `pnpm dlx`. */
  readonly runner: string;
  readonly pinned: boolean;
}

/** How the arguments of a runner are read. */
interface Runner {
  readonly words: readonly string[];
  /** Flags without a value. Any other flag may swallow the next word, which makes the package uncertain. */
  readonly switches: readonly string[];
  /** Flags whose value is the package. */
  readonly packageFlags: readonly string[];
  /** Flags whose value is something else. */
  readonly valueFlags: readonly string[];
  readonly isPinned: (spec: string) => boolean;
}

const EXACT = String.raw`v?\d+\.\d+\.\d+(?:[-+][\w.+-]+)?`;
/** `pkg@1.2.3`, `@scope/pkg@1.2.3`. A range, a tag or nothing is not a version; nor is a URL or a folder. */
const isNpmPin = (spec: string): boolean => new RegExp(`^(?:@[\\w.-]+/)?[\\w.-]+@${EXACT}$`).test(spec);
/** `pkg==1.2.3`, `pkg[extra]==1.2`, and uv's `pkg@1.2.3`. */
const isPythonPin = (spec: string): boolean =>
  /^[\w.-]+(?:\[[\w.,-]*\])?(?:===?|@)\d+(?:\.\d+)+[\w.+-]*$/.test(spec);
/** Only a digest names one image; a tag can be moved. */
const isImagePin = (spec: string): boolean => /@sha256:[0-9a-f]{64}$/.test(spec);
const isDenoPin = (spec: string): boolean => {
  const npm = /^(?:npm|jsr):(.*)$/.exec(spec);
  return npm
    ? isNpmPin((npm[1] ?? '').replace(/^(@[^/]*\/[^/]*|[^@/][^/]*)\/.*$/, '$1'))
    : !/^[a-z]+:/i.test(spec);
};

const NPM = {
  switches: [
    '-y',
    '--yes',
    '--no',
    '-q',
    '--quiet',
    '--silent',
    '--prefer-online',
    '--prefer-offline',
    '--offline',
    '--bun',
  ],
  packageFlags: ['-p', '--package'],
  valueFlags: ['--registry', '--cache', '--prefix', '--userconfig', '--loglevel'],
  isPinned: isNpmPin,
};
const PYTHON = {
  switches: [
    '-q',
    '--quiet',
    '-v',
    '--verbose',
    '--isolated',
    '--no-cache',
    '-n',
    '--refresh',
    '-U',
    '--upgrade',
    '--offline',
  ],
  packageFlags: ['--from', '--with', '--spec'],
  valueFlags: [
    '-p',
    '--python',
    '--index',
    '--index-url',
    '--default-index',
    '--extra-index-url',
    '--pip-args',
  ],
  isPinned: isPythonPin,
};
const CONTAINER = {
  switches: [
    '-i',
    '-t',
    '-d',
    '-P',
    '--rm',
    '--init',
    '--privileged',
    '--read-only',
    '--interactive',
    '--tty',
    '--detach',
    '-q',
    '--quiet',
  ],
  packageFlags: [],
  valueFlags: [
    ...[
      '-e',
      '--env',
      '--env-file',
      '-v',
      '--volume',
      '--mount',
      '-w',
      '--workdir',
      '--name',
      '--network',
      '--net',
      '-p',
      '--publish',
    ],
    ...[
      '-u',
      '--user',
      '--entrypoint',
      '--platform',
      '--pull',
      '-m',
      '--memory',
      '--cpus',
      '-l',
      '--label',
      '-h',
      '--hostname',
    ],
    ...[
      '--add-host',
      '--cap-add',
      '--cap-drop',
      '--device',
      '--gpus',
      '--security-opt',
      '--tmpfs',
      '--ulimit',
    ],
  ],
  isPinned: isImagePin,
};
const DENO = {
  switches: [
    '-A',
    '--allow-all',
    '-q',
    '--quiet',
    '-r',
    '--reload',
    '--no-check',
    '--no-lock',
    '--cached-only',
    '--unstable',
  ],
  packageFlags: [],
  valueFlags: [],
  isPinned: isDenoPin,
};

const RUNNERS: readonly Runner[] = [
  ...[
    ['npx'],
    ['npm', 'exec'],
    ['npm', 'x'],
    ['pnpx'],
    ['pnpm', 'dlx'],
    ['yarn', 'dlx'],
    ['bunx'],
    ['bun', 'x'],
  ].map((words) => ({ words, ...NPM })),
  ...[['uvx'], ['uv', 'tool', 'run'], ['pipx', 'run']].map((words) => ({ words, ...PYTHON })),
  ...[
    ['docker', 'run'],
    ['podman', 'run'],
    ['nerdctl', 'run'],
    ['docker', 'container', 'run'],
    ['podman', 'container', 'run'],
  ].map((words) => ({ words, ...CONTAINER })),
  { words: ['deno', 'run'], ...DENO },
  {
    words: ['dnx'],
    switches: ['-y', '--yes'],
    packageFlags: [],
    valueFlags: ['--source'],
    isPinned: isNpmPin,
  },
  {
    words: ['go', 'run'],
    switches: [],
    packageFlags: [],
    valueFlags: [],
    isPinned: (spec) => !spec.includes('@') || /@v\d+\.\d+\.\d+$/.test(spec),
  },
];

/** Programs that start another program given in their arguments, with nothing between but assignments and switches. */
const WRAPPERS = new Set([
  'env',
  'sudo',
  'doas',
  'nice',
  'nohup',
  'time',
  'timeout',
  'cmd',
  'exec',
  'setsid',
  'stdbuf',
  'command',
]);

/**
 * Finds a package runner in a command line, also behind `cmd /c`, `env` and the like. What stands inside a script text
 * (`sh -c "npx …"`) is not looked into; such a script has a warning of its own.
 */
export function findPackageRun(command: string, args: readonly string[]): PackageRun | undefined {
  const words = unwrap([command, ...args]);
  const runner = RUNNERS.find((candidate) => startsWith(words, candidate.words));
  if (!runner) return undefined;
  return { runner: runner.words.join(' '), pinned: isPinnedRun(runner, words.slice(runner.words.length)) };
}

/** Drops programs that only start another one. */
export function unwrap(words: readonly string[]): readonly string[] {
  let rest = words;
  while (WRAPPERS.has(programName(rest[0] ?? ''))) {
    const next = rest.findIndex(
      (word, index) => index > 0 && !/^(?:-|\/[a-z]$|\w+=|\d+[smhd]?$)/i.test(word),
    );
    if (next === -1) return rest;
    rest = rest.slice(next);
  }
  return rest;
}

function startsWith(words: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((word, index) =>
    index === 0 ? programName(words[0] ?? '') === word : words[index] === word,
  );
}

/** Unpinned unless certain: an unknown flag could take the word that looks like the package. */
function isPinnedRun(runner: Runner, args: readonly string[]): boolean {
  const specs: string[] = [];
  let fromFlag = false;
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    if (arg === '--' || !arg.startsWith('-')) {
      // With a package flag the first word names a program of that package.
      if (!fromFlag) specs.push(arg === '--' ? (args[index + 1] ?? '') : arg);
      break;
    }
    const [flag, value] = splitFlag(arg);
    if (runner.packageFlags.includes(flag)) {
      specs.push(value ?? args[(index += 1)] ?? '');
      fromFlag ||= flag !== '--with';
    } else if (runner.valueFlags.includes(flag)) index += value === undefined ? 1 : 0;
    else if (value === undefined && !isSwitch(runner, flag)) return false;
  }
  return specs.length > 0 && specs.every((spec) => runner.isPinned(spec));
}

function splitFlag(arg: string): readonly [string, string | undefined] {
  const sign = arg.indexOf('=');
  return sign === -1 ? [arg, undefined] : [arg.slice(0, sign), arg.slice(sign + 1)];
}

/** A switch, or several short ones in one word such as `-it`. */
function isSwitch(runner: Runner, flag: string): boolean {
  if (runner.switches.includes(flag) || flag.startsWith('--allow-')) return true;
  return (
    /^-[A-Za-z]{2,}$/.test(flag) &&
    [...flag.slice(1)].every((letter) => runner.switches.includes(`-${letter}`))
  );
}
