/** The panel in which requests for model answers are reviewed. */
import type { Frame } from 'playwright-core';
import type { Workbench } from './workbench';

/** Opens it from the notification of the request of a server. */
export async function reviewRequest(workbench: Workbench, server: string): Promise<Frame> {
  await workbench.notifications.press('asks for a model answer', 'Review…');
  return await samplingPanel(workbench, `The server "${server}" asks for a model answer`);
}

/** Its page, once it has this title, or one with this in it. */
export async function samplingPanel(workbench: Workbench, title: string): Promise<Frame> {
  return await workbench.webview(`h1:has-text(${JSON.stringify(title)})`);
}

/** Presses a button of the page, once it takes that. */
export async function pressInPanel(page: Frame, name: string): Promise<void> {
  const buttons = page.locator('.bar, .tools, nav, aside');
  await buttons.getByRole('button', { name, exact: true, disabled: false }).first().click();
}
