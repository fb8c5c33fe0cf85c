/** The last arguments each tool was called with, offered again next time. Kept with the workspace, bounded. */

import { isObject, own, type JsonObject, type JsonValue } from '../base/json';
import type { StatePort } from './ports';

const KEY = 'recentArguments';
const MAX_TOOLS = 100;
/** Longer arguments are not kept. */
const MAX_CHARS = 65_536;

export class RecentArguments {
  constructor(
    private readonly memory: StatePort,
    private readonly sha256: (text: string) => string,
  ) {}

  get(serverId: string, tool: string): JsonObject | undefined {
    const stored = this.memory.get(KEY);
    if (!Array.isArray(stored)) return undefined;
    const id = this.idOf(serverId, tool);
    for (const item of stored as readonly JsonValue[]) {
      if (!isObject(item) || own(item, 'id') !== id) continue;
      const given = own(item, 'arguments');
      return isObject(given) ? given : undefined;
    }
    return undefined;
  }

  async set(serverId: string, tool: string, given: JsonObject): Promise<void> {
    if (JSON.stringify(given).length > MAX_CHARS) return;
    const id = this.idOf(serverId, tool);
    const stored = this.memory.get(KEY);
    const others = (Array.isArray(stored) ? (stored as readonly JsonValue[]) : []).filter(
      (item) => isObject(item) && own(item, 'id') !== id,
    );
    await this.memory.set(KEY, [{ id, arguments: given }, ...others].slice(0, MAX_TOOLS));
  }

  private idOf(serverId: string, tool: string): string {
    return this.sha256(JSON.stringify([serverId, tool]));
  }
}
