/** Calling tools from the palette. */
import { comes, until } from './polling';
import type { Workbench } from './workbench';

/** Chooses the one tool that the filter leaves. What comes next depends on its arguments. */
export async function callTool(workbench: Workbench, filter: string): Promise<void> {
  const { quickInput } = workbench;
  const chosen = async (timeoutMs: number): Promise<void> => {
    await quickInput.shown('Search by name, server or description', timeoutMs);
    await quickInput.type(filter, timeoutMs);
    await until('the tool', async () => (await quickInput.rows(timeoutMs)).length === 1, timeoutMs);
  };
  // While the window still opens, something else may take the focus, and with it the list.
  await until('the tools', async (attempt) => {
    await workbench.runCommand('MCP Host: Call Tool...');
    return comes(chosen(attempt * 3_000));
  });
  await quickInput.accept();
}
