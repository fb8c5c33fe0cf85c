/**
 * The test runner inside VS Code: registers tests, runs them one by one, appends each result to the file that
 * MCP_HOST_TEST_RESULTS names. It knows nothing of what is tested.
 */
import { appendFileSync } from 'node:fs';

/** What a test gets. */
export interface TestContext {
  /** Registers what to do after the test, whether it passed or not; the last registered runs first. */
  readonly after: (cleanup: () => unknown) => void;
  /** Aborted when the test has taken too long. */
  readonly signal: AbortSignal;
}

/** Limits of one test. */
export interface TestOptions {
  /** Milliseconds after which the test counts as failed. */
  readonly timeoutMs?: number;
}

interface RegisteredTest {
  readonly name: string;
  readonly timeoutMs: number;
  readonly body: (context: TestContext) => unknown;
}

const defaultTimeoutMs = 30_000;
const tests: RegisteredTest[] = [];
let currentFile = '';

/** Names the file whose tests are registered next; the generated entry of a suite calls it. */
export function beginFile(name: string): void {
  currentFile = name;
}

/** Registers a test. A test passes when its body returns, or what it returns resolves. */
export function test(name: string, body: (context: TestContext) => unknown, options: TestOptions = {}): void {
  tests.push({ name: `${currentFile}: ${name}`, body, timeoutMs: options.timeoutMs ?? defaultTimeoutMs });
}

/**
 * Runs every registered test; VS Code calls it.
 * @throws Error when a test failed, or when there is none
 */
export async function run(): Promise<void> {
  let failed = 0;
  for (const registered of tests) {
    const started = Date.now();
    const error = await runOne(registered);
    if (error !== undefined) failed++;
    record({ name: registered.name, ok: error === undefined, ms: Date.now() - started, error });
  }
  record({ done: true, passed: tests.length - failed, failed });
  if (tests.length === 0) throw new Error('The suite has no tests.');
  if (failed > 0) throw new Error(`${failed} of ${tests.length} tests failed.`);
}

async function runOne({ body, timeoutMs }: RegisteredTest): Promise<string | undefined> {
  const cleanups: (() => unknown)[] = [];
  const overtime = new AbortController();
  const timer = setTimeout(() => overtime.abort(), timeoutMs);
  const tooLong = new Promise<never>((_resolve, reject) => {
    overtime.signal.addEventListener('abort', () => reject(new Error(`Not done after ${timeoutMs} ms.`)));
  });
  const problems: string[] = [];
  try {
    const context: TestContext = { after: (cleanup) => cleanups.push(cleanup), signal: overtime.signal };
    await Promise.race([Promise.resolve().then(() => body(context)), tooLong]);
  } catch (error) {
    problems.push(describe(error));
  } finally {
    clearTimeout(timer);
  }
  for (const cleanup of cleanups.reverse()) {
    try {
      await cleanup();
    } catch (error) {
      problems.push(`While cleaning up: ${describe(error)}`);
    }
  }
  return problems.length === 0 ? undefined : problems.join('\n');
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function record(result: Readonly<Record<string, unknown>>): void {
  const file = process.env['MCP_HOST_TEST_RESULTS'];
  if (file === undefined)
    throw new Error('MCP_HOST_TEST_RESULTS is not set: these tests are started by scripts/test.mjs.');
  appendFileSync(file, `${JSON.stringify(result)}\n`);
}
