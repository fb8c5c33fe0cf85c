/** Which hosts are this machine, by their name alone. */

/** True for the names and addresses of this machine (RFC 6761 §6.3). @param host as `URL.hostname` writes it, so numbers are in one form. */
export function isLoopback(host: string): boolean {
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '[::1]' ||
    /^127(?:\.\d{1,3}){3}$/.test(host)
  );
}
