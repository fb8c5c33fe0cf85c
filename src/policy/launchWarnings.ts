/** What a person should look at twice before approving a launch. Warnings inform; none of them forbids anything. */

import { findPackageRun, unwrap } from './packageRunners';
import { isInside, isNetworkOrDevicePath, programName, type Platform } from './paths';
import { addressNotes } from './remoteUrl';
import { hasHiddenOrPadding, safe, safeText, type SafeText } from './safeText';
import { isSecretField, isSecretName, secretShapeIn } from './secretPatterns';
import type { LocalLaunch, ServerEntry } from './serverEntry';
import { riskOfVariable } from './variableRisks';
import { expandableFields, listVariables } from './variables';

/** The kinds of warnings, in the order in which they are shown. */
const WARNING_KINDS = [
  'look-alike',
  'hidden-characters',
  'elevated-rights',
  'destructive',
  'downloads-and-runs',
  'script-text',
  'unpinned-package',
  'package-source',
  'workspace-program',
  'search-path',
  'dangerous-variable',
  'sensitive-path',
  'outside-workspace',
  'network-path',
  'foreign-letters',
  'plain-http',
  'reads-secret',
  'plain-secret',
] as const;

/** What a warning is about. */
export type WarningKind = (typeof WARNING_KINDS)[number];

/** `field` is the part of the entry that it is about, such as `args[2]`. */
export interface LaunchWarning {
  readonly kind: WarningKind;
  readonly field: SafeText;
  readonly text: SafeText;
}

/** What the warnings depend on beside the entry. Paths are absolute and real. */
interface WarningContext {
  readonly platform: Platform;
  readonly workspaceFolders: readonly string[];
  readonly resolvedCommand?: string | undefined;
  readonly cwd?: string | undefined;
  readonly resolvedUrl?: string | undefined;
  readonly envFile?: string | undefined;
  readonly envFileVariables?: ReadonlyMap<string, string> | undefined;
  /** What is odd about the server's name, in our own words (T010). */
  readonly nameWarnings?: readonly string[] | undefined;
}

/** All warnings of an entry, in the order of {@link WARNING_KINDS}. */
export function launchWarnings(entry: ServerEntry, context: WarningContext): LaunchWarning[] {
  const names = (context.nameWarnings ?? []).map((message) => warn('look-alike', 'name', safeText(message)));
  const warnings = [...names, ...textWarnings(entry), ...variableWarnings(entry)];
  if (entry.launch.kind === 'local') {
    warnings.push(
      ...commandWarnings(entry.launch),
      ...environmentWarnings(entry.launch, context.envFileVariables ?? new Map<string, string>()),
      ...placeWarnings(entry.launch, context),
    );
  }
  if (context.resolvedUrl !== undefined)
    warnings.push(...addressNotes(context.resolvedUrl).map(({ kind, text }) => warn(kind, 'url', text)));
  return warnings.sort((a, b) => WARNING_KINDS.indexOf(a.kind) - WARNING_KINDS.indexOf(b.kind));
}

function warn(kind: WarningKind, field: string, text: SafeText): LaunchWarning {
  return { kind, field: safeText(field, 100), text };
}

/** What any text of the entry may hold: hidden characters, secrets, paths of secrets. */
function textWarnings(entry: ServerEntry): LaunchWarning[] {
  const warnings: LaunchWarning[] = [];
  let before = '';
  for (const [field, text] of expandableFields(entry)) {
    if (hasHiddenOrPadding(text)) {
      warnings.push(
        warn(
          'hidden-characters',
          field,
          safe`Holds characters or spacing that cannot be seen; they are shown as ⟨…⟩.`,
        ),
      );
    }
    const path = SENSITIVE_PATH.exec(text)?.[1];
    if (path !== undefined)
      warnings.push(
        warn('sensitive-path', field, safe`Names ${safeText(path, 40)}, where secrets are kept.`),
      );
    const secret = plainSecret(field, text, before);
    before = text;
    if (secret !== undefined) {
      warnings.push(
        warn(
          'plain-secret',
          field,
          safe`Holds a ${secret} in plain text (${maskedStart(text)}). Use \${input:…} instead.`,
        ),
      );
    }
  }
  return warnings;
}

/** Folders and files whose names alone tell that they hold secrets. */
const SENSITIVE_PATH =
  /(?:^|[\\/~\s"'=:}])(\.ssh|\.aws|\.gnupg|\.netrc|\.npmrc|\.pypirc|\.kube|\.docker[\\/]config\.json|\.git-credentials|\.config[\\/]gh|\.azure|id_rsa|id_ed25519|etc[\\/]shadow|Library[\\/]Keychains)(?![\w-])/i;

function plainSecret(field: string, text: string, before: string): SafeText | undefined {
  const shape = secretShapeIn(text);
  if (shape !== undefined) return safeText(shape);
  // A value without any variable under the name of a secret; short ones are flags and modes rather than secrets.
  if (isSecretField(field) && text.length >= 8 && /\S{8,}/.test(text) && !text.includes('${'))
    return safe`secret value`;
  // `--token` and its value as two arguments.
  if (
    SECRET_FLAG.test(before) &&
    field.startsWith('args') &&
    /^[^-\s]\S{7,}$/.test(text) &&
    !text.includes('${')
  ) {
    return safe`secret value`;
  }
  return undefined;
}

const SECRET_FLAG = /^--?(?:[\w-]{1,40}[-_])?(?:token|secret|password|passwd|api[-_]?key|access[-_]?key)$/i;

/** Enough to recognize one's own secret, too little to use it. */
function maskedStart(text: string): SafeText {
  return safe`${safeText(text.slice(0, 4))}***`;
}

function variableWarnings(entry: ServerEntry): LaunchWarning[] {
  const warnings: LaunchWarning[] = [];
  for (const { field, variable } of listVariables(entry)) {
    if (variable.kind !== 'env' || !isSecretName(variable.name)) continue;
    const where =
      entry.launch.kind === 'remote' ? safe`sends it to the server` : safe`gives it to the server`;
    warnings.push(
      warn(
        'reads-secret',
        field,
        safe`Reads your environment variable ${safeText(variable.name, 80)} and ${where}.`,
      ),
    );
  }
  return warnings;
}

function commandWarnings(launch: LocalLaunch): LaunchWarning[] {
  const warnings: LaunchWarning[] = [];
  const words = [launch.command, ...launch.args];
  const elevated = programName(launch.command);
  if (ELEVATORS.has(elevated)) {
    warnings.push(
      warn(
        'elevated-rights',
        'command',
        safe`${safeText(elevated)} runs the rest with other rights than yours.`,
      ),
    );
  }
  const script = scriptSwitch(unwrap(words));
  if (script !== undefined)
    warnings.push(
      warn('script-text', 'args', safe`${safeText(script)} takes program text from the arguments.`),
    );
  if (isRemoval(words))
    warnings.push(warn('destructive', 'args', safe`Removes files and folders (rm -r or -f).`));
  const fetched = words.findIndex(
    (word) => /\b(?:curl|wget|iwr|Invoke-WebRequest)\b/i.test(word) && PIPE_TO_SHELL.test(word),
  );
  if (fetched !== -1)
    warnings.push(warn('downloads-and-runs', fieldOf(fetched), safe`Fetches a script and runs it unseen.`));
  const run = findPackageRun(launch.command, launch.args);
  if (run && !run.pinned) {
    warnings.push(
      warn(
        'unpinned-package',
        'args',
        safe`${safeText(run.runner)} runs whatever version the registry serves at that moment. Name an exact version to prevent that.`,
      ),
    );
  }
  const source = launch.args.findIndex((arg) =>
    /^--(?:registry|(?:extra-|default-)?index(?:-url)?|source|userconfig|pip-args)(?:=|$)/.test(arg),
  );
  if (source !== -1)
    warnings.push(
      warn('package-source', `args[${source}]`, safe`Packages come from another source than the usual one.`),
    );
  return warnings;
}

const ELEVATORS = new Set(['sudo', 'doas', 'su', 'pkexec', 'runas', 'gsudo']);
const PIPE_TO_SHELL =
  /\|\s*(?:sudo\s+)?(?:(?:ba|da|z|k|fi)?sh|python3?|node|perl|iex|Invoke-Expression)\b|\$\(\s*(?:curl|wget)\b|\biex\b/i;

function fieldOf(index: number): string {
  return index === 0 ? 'command' : `args[${index - 1}]`;
}

/** Switches that make a program run text given as an argument. */
const SCRIPT_SWITCHES: readonly (readonly [program: RegExp, anySwitch: RegExp])[] = [
  [/^(?:ba|da|z|k|c|tc|fi|a)?sh$/, /^-[A-Za-z]*c[A-Za-z]*$|^--command(?:=|$)/],
  [/^cmd$/, /^\/[ckr]/i],
  [/^(?:powershell|pwsh)$/, /^[-/](?:c|command|e|ec|en|enc\w*)$/i],
  [/^(?:node|nodejs|bun|electron)$/, /^(?:-[A-Za-z]*[ep][A-Za-z]*|--eval|--print)(?:=|$)/],
  [/^(?:python[\d.]*|pypy[\d.]*|py)$/, /^-[A-Za-z]*c/],
  [/^(?:perl|ruby|lua|osascript|Rscript)$/i, /^-[A-Za-z]*e/],
  [/^php$/, /^-[A-Za-z]*r/],
  [/^deno$/, /^eval$/],
];

function scriptSwitch(words: readonly string[]): string | undefined {
  const program = programName(words[0] ?? '');
  const [, switches] = SCRIPT_SWITCHES.find(([pattern]) => pattern.test(program)) ?? [];
  const found = switches && words.slice(1).find((word) => switches.test(word));
  return found === undefined ? undefined : `${program} ${found.slice(0, 20)}`;
}

function isRemoval(words: readonly string[]): boolean {
  if (
    words.some((word) =>
      /(?:^|[\s;&|(`])rm\s+(?:-[A-Za-z]+\s+)*(?:-[A-Za-z]*[rf]|--(?:recursive|force))/i.test(word),
    )
  )
    return true;
  const start = words.findIndex((word) => programName(word) === 'rm');
  return (
    start !== -1 &&
    words.slice(start + 1).some((word) => /^(?:-[A-Za-z]*[rf]|--(?:recursive|force)$)/i.test(word))
  );
}

function environmentWarnings(launch: LocalLaunch, fromFile: ReadonlyMap<string, string>): LaunchWarning[] {
  const warnings: LaunchWarning[] = [];
  const named = [...launch.env].map(([name, value]) => [`env.${name}`, name, value] as const);
  const filed = [...fromFile].map(([name, value]) => ['envFile', name, value] as const);
  for (const [field, name, value] of [...named, ...filed]) {
    if (value === null) continue;
    const risk = riskOfVariable(name);
    if (risk === 'search-path') {
      warnings.push(
        warn('search-path', field, safe`${safeText(name, 80)} decides which programs are found.`),
      );
    } else if (risk !== undefined) {
      warnings.push(warn('dangerous-variable', field, safe`${safeText(name, 80)} can ${safeText(risk)}.`));
    }
  }
  return warnings;
}

function placeWarnings(launch: LocalLaunch, context: WarningContext): LaunchWarning[] {
  const warnings: LaunchWarning[] = [];
  const { workspaceFolders: folders, platform } = context;
  if (context.resolvedCommand !== undefined && isInside(context.resolvedCommand, folders, platform)) {
    warnings.push(
      warn(
        'workspace-program',
        'command',
        safe`The program itself is a file of the workspace; whoever changes the workspace changes it.`,
      ),
    );
  }
  for (const [field, path] of [
    ['cwd', context.cwd],
    ['envFile', context.envFile],
  ] as const) {
    if (path !== undefined && !isInside(path, folders, platform)) {
      warnings.push(warn('outside-workspace', field, safe`Lies outside the workspace.`));
    }
  }
  for (const [field, path] of [
    ['command', launch.command],
    ['cwd', launch.cwd],
    ['envFile', launch.envFile],
  ] as const) {
    if (path !== undefined && isNetworkOrDevicePath(path))
      warnings.push(warn('network-path', field, safe`Lies on another machine or on a device.`));
  }
  return warnings;
}
