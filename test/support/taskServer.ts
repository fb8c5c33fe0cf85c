/**
 * A server of 2025-11-25 whose one tool, `bake`, always becomes a task. The test moves its tasks: they outlive every client, as those of a
 * real server do.
 */

import type { JsonObject } from '../../src/base/json';
import { json, paramsOf, result, ScriptedHttp, type HttpExchange } from './scriptedHttp';

interface Baked {
  status: 'working' | 'completed' | 'cancelled';
  statusMessage: string;
  readonly whenOver: (() => void)[];
}

export class TaskServer {
  /** By id, oldest first. */
  readonly tasks = new Map<string, Baked>();

  private constructor(readonly http: ScriptedHttp) {}

  static async start(): Promise<TaskServer> {
    const http = await ScriptedHttp.start((exchange) => server.take(exchange));
    const server = new TaskServer(http);
    return server;
  }

  get url(): string {
    return `${this.http.origin}/mcp`;
  }

  /** How far the newest task is, in words. */
  say(statusMessage: string): void {
    const [, task] = [...this.tasks].at(-1) ?? [];
    if (task) task.statusMessage = statusMessage;
  }

  /** Ends the newest task. */
  complete(): void {
    const [id] = [...this.tasks].at(-1) ?? [];
    if (id !== undefined) this.end(id, 'completed');
  }

  private end(id: string, status: 'completed' | 'cancelled'): void {
    const task = this.tasks.get(id);
    if (task?.status !== 'working') return;
    task.status = status;
    for (const tell of task.whenOver.splice(0)) tell();
  }

  private take(exchange: HttpExchange): void {
    const { method, response, body } = exchange;
    if (method === 'GET') return void response.writeHead(405).end();
    if (method !== 'POST') return void response.writeHead(200).end();
    const { taskId } = paramsOf(exchange);
    const id = typeof taskId === 'string' ? taskId : '';
    switch ((body as { readonly method?: string }).method) {
      case 'initialize':
        return result(exchange, {
          protocolVersion: '2025-11-25',
          capabilities: { tools: {}, tasks: { list: {}, cancel: {}, requests: { tools: { call: {} } } } },
          serverInfo: { name: 'bakery', version: '1' },
        });
      case 'tools/list':
        return result(exchange, {
          tools: [
            {
              name: 'bake',
              title: 'Bake bread',
              description: 'Bakes a loaf, which takes a while.',
              inputSchema: { type: 'object' },
              execution: { taskSupport: 'required' },
            },
          ],
        });
      case 'tools/call': {
        const made = `loaf-${this.tasks.size + 1}`;
        this.tasks.set(made, { status: 'working', statusMessage: 'kneading the dough', whenOver: [] });
        return result(exchange, { task: this.described(made) });
      }
      case 'tasks/get':
        return result(exchange, this.described(id));
      case 'tasks/cancel':
        this.end(id, 'cancelled');
        return result(exchange, this.described(id));
      case 'tasks/result':
        return this.giveResult(exchange, id);
      case 'server/discover':
        return void response.writeHead(400).end();
      default:
        return void response.writeHead(202).end();
    }
  }

  private giveResult(exchange: HttpExchange, id: string): void {
    const task = this.tasks.get(id);
    if (!task) return json(exchange, 404, {});
    const text = task.status === 'completed' ? `${id} is ready` : `${id} was thrown away`;
    const give = (): void => result(exchange, { content: [{ type: 'text', text }] });
    if (task.status === 'working') task.whenOver.push(() => this.giveResult(exchange, id));
    else give();
  }

  private described(taskId: string): JsonObject {
    const { status, statusMessage } = this.tasks.get(taskId) ?? {
      status: 'failed',
      statusMessage: 'unknown',
    };
    const createdAt = '2026-01-01T00:00:00Z';
    return {
      taskId,
      status,
      statusMessage,
      createdAt,
      lastUpdatedAt: createdAt,
      ttl: 600_000,
      pollInterval: 500,
    };
  }
}
