/** Calling tools from the palette. */
import { comes, until } from './polling';
import type { Workbench } from './workbench';

/** Chooses the one tool that the filter leaves. What comes next depends on its arguments. */
export async function callTool(workbench: Workbench, filter: string): Promise<void> {
  const { quickInput } = workbench;
  const chosen = async (): Promise<void> => {
    await quickInput.shown('Search by name, server or description', 3_000);
    await quickInput.type(filter, 3_000);
    await until('the tool', async () => (await quickInput.rows(3_000)).length === 1, 3_000);
  };
  // While the window still opens, something else may take the focus, and with it the list.
  await until('the tools', async () => {
    await workbench.runCommand('MCP Host: Call Tool...');
    return comes(chosen());
  });
  await quickInput.accept();
}
