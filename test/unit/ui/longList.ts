/** A tree over one running server with many tools and resources. */

import type { Host, HostChange } from '../../../src/host/host';
import type { ServerTreeNode } from '../../../src/ui/servers/nodes';
import { ServerTree } from '../../../src/ui/servers/serverTree';
import { EventEmitter } from '../../support/editorValues';
import { FakeClock } from '../../support/fakeClock';

export const COUNT = 500;

/** Where its tools are. */
export const TOOLS = { kind: 'list', serverId: 'user/one', list: 'tools' } as const;

/** Counts what is looked at of a tool. On its clock, each look at a description takes a millisecond. */
export class LongList {
  /** How often what only a tooltip needs of a tool was looked at. */
  looks = 0;
  /** How often the name of a tool was looked at, and its description. */
  names = 0;
  descriptions = 0;
  readonly clock = new FakeClock();
  readonly tree: ServerTree;
  readonly host: Host;
  private readonly server: { readonly id: string; readonly definition: object; catalog: object };
  private readonly begun = this.clock.monotonic();
  private readonly changes = new EventEmitter<HostChange>();
  private readonly listed: Record<string, readonly object[]>;

  constructor() {
    const numbers = Array.from({ length: COUNT }, (_, index) => index);
    this.listed = {
      tools: numbers.map((index) => this.tool(`tool ${index}`)),
      resources: numbers.map((index) => ({ uri: `test://${index}`, name: `resource ${index}` })),
    };
    const state = { kind: 'ready', listing: { items: [{}], rejected: [] }, hidden: 0 };
    const catalog = { items: (kind: string) => this.listed[kind] ?? [], list: () => state };
    const server = (this.server = { id: 'user/one', definition: { name: 'one' }, catalog });
    const calls = { onDidChange: this.changes.event };
    this.host = {
      server: () => server,
      servers: () => [server],
      calls,
      onDidChange: this.changes.event,
    } as unknown as Host;
    this.tree = new ServerTree({ host: this.host } as never, this.clock);
  }

  /** The host tells of these; resolves with what the editor is told to draw. */
  told(...changes: readonly HostChange[]): Promise<unknown> {
    return new Promise((resolve) => {
      const drawn: unknown[] = [];
      this.tree.onDidChangeTreeData((node) => drawn.push(node));
      // What a later change wants drawn is drawn together with what the earlier ones do.
      for (const change of changes) this.changes.fire(change);
      this.tree.onDidChangeTreeData(() => setImmediate(resolve, drawn));
    });
  }

  /** All rows, as the editor asks for them. */
  draw(
    list: 'tools' | 'resources',
  ): readonly (readonly [ServerTreeNode, ReturnType<ServerTree['getTreeItem']>])[] {
    const children = this.tree.getChildren({ kind: 'list', serverId: 'user/one', list });
    return children.map((node) => [node, this.tree.getTreeItem(node)] as const);
  }

  /** The server lists other tools, of which nothing was made. */
  replaceTools(prefix: string): void {
    this.listed['tools'] = Array.from({ length: COUNT }, (_, index) => this.tool(`${prefix} ${index}`));
  }

  /** Milliseconds that have passed on its clock. */
  get elapsed(): number {
    return this.clock.monotonic() - this.begun;
  }

  /** The host tells of a change. */
  tell(change: HostChange): void {
    this.changes.fire(change);
  }

  /** What runs begins anew, with lists that are not read yet. */
  restart(): void {
    this.server.catalog = { ...this.server.catalog };
  }

  private tool(name: string): object {
    const look = (): object => {
      this.looks++;
      return { readOnlyHint: true };
    };
    const readName = (): string => {
      this.names++;
      return name;
    };
    const describe = (): string => {
      this.descriptions++;
      this.clock.advance(1);
      return 'Does it';
    };
    return Object.defineProperties(
      {},
      { name: { get: readName }, description: { get: describe }, annotations: { get: look } },
    );
  }
}
