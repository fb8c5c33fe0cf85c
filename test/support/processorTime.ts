/** How long this process has worked: bounds on what a text may cost hold on a machine that others keep busy, too. */

/** Milliseconds of processor time since it began. */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
