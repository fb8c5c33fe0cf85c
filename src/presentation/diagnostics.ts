/** A report for a bug or a colleague: what is set up and how it stands, without values, contents or secrets. */

import { LIST_KINDS } from '../protocol/model';
import { redact } from '../policy/redact';
import { safeText } from '../policy/safeText';
import type { Server } from '../host/server';
import { causeLines, scopeText, stateLabel } from './serverTexts';

/** Where the report was made. */
interface ReportPlace {
  readonly extension: string;
  readonly loadMs: number;
  readonly activateMs: number;
  readonly activateCpuMs: number;
  readonly editor: string;
  readonly node: string;
  readonly platform: string;
  readonly trusted: boolean;
  /** Replaced by `~` wherever it stands in a path. */
  readonly userHome: string;
}

/** The report as Markdown. Commands are named by their program only; of the environment only names are told. */
export function diagnosticsReport(place: ReportPlace, servers: readonly Server[]): string {
  const lines = [
    '# MCP Host diagnostics',
    '',
    'Values of arguments, environment variables, headers and inputs are left out. Read it before you share it.',
    '',
    `- Extension: ${place.extension}, loaded in ${place.loadMs.toFixed(1)} ms, activated in ${place.activateMs.toFixed(1)} ms (${place.activateCpuMs.toFixed(1)} ms of processor time)`,
    `- Editor: ${place.editor}`,
    `- Extension host: Node ${place.node} on ${place.platform}`,
    `- Workspace trusted: ${place.trusted ? 'yes' : 'no'}`,
    `- Servers: ${servers.length}`,
    ...servers.flatMap(serverSection),
    '',
  ];
  const text = redact(lines.join('\n'), []);
  return place.userHome.length > 1 ? text.replaceAll(place.userHome, '~') : text;
}

function serverSection(server: Server): readonly string[] {
  const { definition, state, catalog } = server;
  const { entry } = definition;
  return [
    '',
    `## ${safeText(definition.name, 80)}`,
    '',
    `- From: ${scopeText(definition.scope)}${definition.shadowedBy === undefined ? '' : ' (shadowed)'}`,
    `- State: ${stateLabel(state)}`,
    ...(entry ? launchLines(entry) : []),
    ...(state.kind === 'running'
      ? [
          `- Revision: ${safeText(state.server.negotiated.revision)} (${state.server.negotiated.era})`,
          `- Calls itself: ${safeText(state.server.info.name, 80)} ${safeText(state.server.info.version, 40)}`,
          `- Capabilities: ${safeText(JSON.stringify(state.server.capabilities), 500)}`,
        ]
      : []),
    ...(catalog
      ? LIST_KINDS.map((kind) => `- ${kind}: ${catalog.items(kind).length} (${catalog.list(kind).kind})`)
      : []),
    ...(state.kind === 'failed' ? ['- Cause:', ...causeLines(state.cause).map((line) => `  - ${line}`)] : []),
    ...definition.warnings.map(
      ({ field, message }) => `- Warning: ${safeText(field, 80)}: ${safeText(message)}`,
    ),
  ];
}

function launchLines(entry: NonNullable<Server['definition']['entry']>): readonly string[] {
  const { launch } = entry;
  const settings = `- Start: ${entry.start}; client in a ${entry.strict ? 'process' : 'thread'}; sampling: ${entry.sampling.kind}; roots: ${entry.roots}; log level: ${entry.logLevel ?? 'as usual'}`;
  const clocks = `- Timeouts: connect ${entry.timeouts.connect} ms, request ${entry.timeouts.request} ms, total ${entry.timeouts.total} ms`;
  if (launch.kind === 'remote') return ['- Transport: HTTP', settings, clocks];
  const program = launch.command.split(/[\\/]/).at(-1) ?? '';
  const names = [...launch.env.keys()].map((name) => safeText(name, 80)).join(', ');
  return [
    `- Transport: stdio, ${safeText(program, 80)} with ${launch.args.length} arguments`,
    `- Environment names: ${names === '' ? 'none' : names}${launch.envFile === undefined ? '' : ' and an envFile'}`,
    settings,
    clocks,
  ];
}
