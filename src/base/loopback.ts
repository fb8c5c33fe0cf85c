/** Which hosts mean this machine. */

/** True for the names and addresses of this machine (RFC 6761 §6.3). @param hostname as {@link URL} gives it, so numbers are in one form */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(?:\.\d{1,3}){3}$/.test(hostname)
  );
}
