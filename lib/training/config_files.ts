import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { suggest } from "../suggest.ts";
import type { TrainConfig } from "./config.ts";
import { checkConfig } from "./settings.ts";

const CONFIGS = new URL("../../configs/", import.meta.url);

/** Loads a config by the name of its file in `configs/`, or by the path of a `.ts` file. */
export async function loadConfig(name: string): Promise<TrainConfig> {
  const isPath = /[\\/]|\.ts$/.test(name);
  if (!isPath) await checkName(name);
  else if (!name.endsWith(".ts")) {
    throw new RangeError(`Cannot read the config ${name}: expected a .ts file`);
  }
  const url = isPath ? pathToFileURL(resolve(name)) : new URL(`${name}.ts`, CONFIGS);
  let found: { default?: unknown };
  try {
    found = await import(url.href);
  } catch (error) {
    throw new RangeError(`Cannot read the config ${name}: ${(error as Error).message}`, {
      cause: error,
    });
  }
  if (found.default === undefined) {
    throw new RangeError(`The config ${name} has no default export: export default {…}`);
  }
  return checkConfig(found.default);
}

/** Names of the configs that come with the project; `base` is what they extend. */
export async function configNames(): Promise<string[]> {
  const files = await Array.fromAsync(Deno.readDir(CONFIGS));
  return files.filter(({ name }) => name.endsWith(".ts") && name !== "base.ts")
    .map(({ name }) => basename(name, ".ts")).sort();
}

async function checkName(name: string): Promise<void> {
  const names = await configNames();
  if (names.includes(name)) return;
  const meant = suggest(name, names);
  throw new RangeError(
    `There is no config "${name}": ` + (meant ? `did you mean ${meant}? ` : "") +
      `Configs are ${names.join(", ")}`,
  );
}
