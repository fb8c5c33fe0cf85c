/** Bundles an entry of the sources for a process of its own. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** @returns the path of the bundle, in a temporary folder. */
export function bundle(entry: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'mcp-host-bundle-'));
  const esbuild = join(process.cwd(), 'node_modules', 'esbuild', 'bin', 'esbuild');
  const options = ['--bundle', '--platform=node', '--format=cjs', '--target=node20', '--log-level=error'];
  execFileSync(esbuild, [join(process.cwd(), entry), ...options, `--outdir=${folder}`]);
  return join(folder, `${basename(entry, '.ts')}.js`);
}
