import { loadMnist } from "../data/mod.ts";
import type { DataConfig } from "../training/config.ts";

/**
 * Which images a notebook learns from, by the one setting at its top: `"digits"` are generated, `"mnist"` is real
 * handwriting from the cache or from the given folder, and `"auto"` is MNIST where it lies there, else the generated
 * digits. Prints which it is.
 *
 * Throws a RangeError that says how to get MNIST where it was asked for and is not there.
 */
export async function chooseData(
  setting: "auto" | "digits" | "mnist",
  { print = console.log, ...options }: { folder?: string; print?: (line: string) => void } = {},
): Promise<DataConfig> {
  if (!["auto", "digits", "mnist"].includes(setting)) {
    throw new RangeError(`There is no dataset "${setting}": choose one of auto, digits, mnist`);
  }
  const name = setting === "auto" ? await isThere(options) ? "mnist" : "digits" : setting;
  if (name === "mnist") {
    const { description } = await loadMnist(options);
    print(`Learning from ${description}.`);
    return { name, size: -1, seed: 0, ...options };
  }
  const why = setting === "auto"
    ? " Real handwriting (MNIST) is not on this computer: `deno task data fetch mnist` gets it."
    : "";
  print(`Learning from generated digits.${why}`);
  return { name, size: -1, seed: 0 };
}

async function isThere(options: { folder?: string }): Promise<boolean> {
  return await loadMnist({ ...options, size: 1 }).then(() => true, () => false);
}
