import { fileURLToPath } from "node:url";

/** Real test files, where whoever runs the tests has put them beside the repository. */
export const REAL_MNIST = fileURLToPath(new URL("../../../shared/data/mnist", import.meta.url));

export const realMnistIsMissing = !exists(REAL_MNIST);

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}
