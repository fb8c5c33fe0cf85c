/** A machine in memory: its files, folders, programs and environment, and every look that was taken at it. */

import { createHash } from 'node:crypto';

import { err, ok } from '../../src/base/result';
import type { MachinePort } from '../../src/host/ports';
import type { SpawnFailure } from '../../src/protocol/failure';

/** Files and programs that exist; tests change them while the host runs. */
export class FakeMachine implements MachinePort {
  /** Set for a machine that is not the person's own. */
  declare remoteName?: string;
  readonly platform: NodeJS.Platform = 'linux';
  readonly userHome = '/home/person';
  readonly files = new Map<string, string>();
  readonly folders = new Set<string>(['/work', '/home/person']);
  /** Symbolic links to folders. */
  readonly links = new Map<string, string>();
  /** The editor's environment, not counting as a look. */
  environment: Record<string, string | undefined> = { PATH: '/usr/bin', HOME: '/home/person' };
  /** Programs that cannot be started. */
  readonly missing = new Set<string>();
  /** Every look at this machine, by name. */
  readonly looks: string[] = [];
  /** Runs before a look answers. */
  beforeLook: (what: string) => void | Promise<void> = () => undefined;
  private tokens = 0;

  readonly sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

  get processEnv(): Record<string, string | undefined> {
    this.looks.push('processEnv');
    return this.environment;
  }

  async findProgram(
    command: string,
    _where?: Parameters<MachinePort['findProgram']>[1],
  ): ReturnType<MachinePort['findProgram']> {
    await this.look('findProgram');
    const failure: SpawnFailure = { reason: 'not-found', command, searched: ['/usr/bin'] };
    return this.missing.has(command) ? err(failure) : ok({ path: `/usr/bin/${command}`, prefixArgs: [] });
  }

  async realFolder(folder: string): Promise<string | undefined> {
    await this.look('realFolder');
    const real = this.links.get(folder) ?? folder;
    return this.folders.has(real) ? real : undefined;
  }

  async readText(file: string): Promise<string | undefined> {
    await this.look('readText');
    return this.files.get(file);
  }

  randomToken(): string {
    this.looks.push('randomToken');
    return `token-${String(++this.tokens).padStart(20, '0')}`;
  }

  private async look(what: string): Promise<void> {
    this.looks.push(what);
    await this.beforeLook(what);
  }
}
