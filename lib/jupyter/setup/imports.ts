import { suggest } from "../../suggest.ts";

/** What an import statement of a cell becomes is checked here: every name must be exported by the module. */
export function imported(
  module: Record<string, unknown>,
  specifier: string,
  names: readonly string[],
): Record<string, unknown> {
  for (const name of names) {
    if (name in module) continue;
    const exports = Object.keys(module);
    const near = suggest(name, exports);
    const problem = name === "default" ? "has no default export" : `has no export named "${name}"`;
    const advice = near && near !== name
      ? ` Did you mean "${near}"?`
      : ` A type is imported with "import type". It exports: ${exports.slice(0, 12).join(", ")}${
        exports.length > 12 ? ", …" : ""
      }.`;
    throw new SyntaxError(`The module "${specifier}" ${problem}.${advice}`);
  }
  return module;
}
