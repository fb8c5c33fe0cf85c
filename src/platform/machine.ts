/** Files, programs and hashes of this machine, bounded. */

import { createHash, randomUUID } from 'node:crypto';
import { readFile, realpath, stat } from 'node:fs/promises';
import { homedir, hostname } from 'node:os';

import type { MachinePort } from '../host/ports';
import { latePart } from '../transport/latePart';

const MAX_TEXT_BYTES = 1_048_576;

/** SHA-256 in hex of a text as UTF-8. */
function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** The real path of an existing folder; undefined when there is none. */
async function realFolder(path: string): Promise<string | undefined> {
  try {
    const real = await realpath(path);
    return (await stat(real)).isDirectory() ? real : undefined;
  } catch {
    return undefined; // Missing or unreachable: the caller says so with the field's name.
  }
}

/** A text file of at most 1 MiB; undefined when it is none or cannot be read. */
async function readText(path: string): Promise<string | undefined> {
  try {
    const found = await stat(path);
    return found.isFile() && found.size <= MAX_TEXT_BYTES ? await readFile(path, 'utf8') : undefined;
  } catch {
    return undefined; // Missing or unreadable: the caller says so with the field's name.
  }
}

/** An unguessable token that is safe in an environment variable. */
function randomToken(): string {
  return randomUUID();
}

/** This machine as the host sees it. @param isRemote the person's editor runs on another one */
export function thisMachine(isRemote: boolean): MachinePort {
  return {
    ...(isRemote ? { remoteName: hostname() } : {}),
    platform: process.platform,
    userHome: homedir(),
    processEnv: process.env,
    findProgram: async (command, { cwd, path, forbiddenRoots }) => {
      const { findExecutable } = await latePart(() => import('../transport/executables'));
      return await findExecutable(command, {
        cwd,
        pathVar: path,
        forbiddenRoots,
        platform: process.platform,
      });
    },
    sha256,
    realFolder,
    readText,
    randomToken,
  };
}
