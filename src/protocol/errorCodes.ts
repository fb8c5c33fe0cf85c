/** JSON-RPC and MCP error codes, and the few the host itself puts on the wire. */

/** Codes of JSON-RPC 2.0 §5.1 and of MCP 2026-07-28 (basic/index). */
export const ErrorCode = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internalError: -32603,
  /** Too busy to serve the request now; from the range that JSON-RPC leaves to implementations. */
  busy: -32000,
  /** MCP up to 2025-11-25: the resource does not exist. */
  resourceNotFound: -32002,
  headerMismatch: -32020,
  missingClientCapability: -32021,
  unsupportedProtocolVersion: -32022,
  /** MCP 2025-11-25: the person must open addresses before the request can be served (URL8). */
  urlElicitationRequired: -32042,
  /** Sampling up to 2025-11-25: the person said no (client/sampling, error handling). */
  userRejected: -1,
} as const;

/** Codes that only a server of the modern era uses; seeing one during the probe proves the era (VER5). */
const MODERN_CODES: readonly number[] = [
  ErrorCode.headerMismatch,
  ErrorCode.missingClientCapability,
  ErrorCode.unsupportedProtocolVersion,
];

/** True for an error that only a server of the modern era answers with. */
export function isModernErrorCode(code: number): boolean {
  return MODERN_CODES.includes(code);
}
