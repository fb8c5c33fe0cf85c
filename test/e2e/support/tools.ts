/** Calling tools from the palette. */
import { until } from './polling';
import type { Workbench } from './workbench';

/** Chooses the one tool that the filter leaves. What comes next depends on its arguments. */
export async function callTool(workbench: Workbench, filter: string): Promise<void> {
  const { quickInput } = workbench;
  // While the window still opens, something else may take the focus, and with it the list.
  await until('the tools', async () => {
    await workbench.runCommand('MCP Host: Call Tool...');
    return quickInput.shown('Search by name, server or description', 3_000).then(
      () => true,
      () => false,
    );
  });
  await quickInput.type(filter);
  await until('the tool', async () => (await quickInput.rows()).length === 1);
  await quickInput.accept();
}
