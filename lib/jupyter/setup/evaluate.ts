import vm from "node:vm";

/** How the evaluation of a cell ended. */
export type Evaluation =
  /** A list with the result, or nothing if there is no result to show. */
  | { result: [value: unknown] | undefined }
  | { thrown: unknown };

/**
 * Evaluates the code of a cell. What a script declares stays for all later scripts, but can be declared only
 * once: `fresh` are the names that no cell has declared before.
 */
export async function evaluate(
  { number, fresh, code }: { number: number; fresh: readonly string[]; code: string },
): Promise<Evaluation> {
  const options = {
    filename: `cell[${number}]`,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  };
  try {
    if (fresh.length > 0) vm.runInThisContext(`let ${fresh.join(", ")};`, options);
    return { result: await vm.runInThisContext(code, options) };
  } catch (thrown) {
    return { thrown };
  }
}
