/** Compile-time exhaustiveness check that also fails loudly at run time. */

/**
 * Marks a branch that the type system has proved unreachable.
 * @throws Error always, naming the unexpected value's type only (never its content, which may be hostile).
 */
export function assertNever(value: never): never {
  throw new Error(`Unexpected variant of type ${typeof value}`);
}
