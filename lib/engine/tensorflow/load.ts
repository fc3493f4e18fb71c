import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import util from "node:util";
import * as tf from "@tensorflow/tfjs-core";

/** Tried in this order; no dependency of the course, so their names are put together at run time. */
const PACKAGES = ["tfjs-node-gpu", "tfjs-node"].map((name) => ["@tensorflow", name].join("/"));

/** Folders whose `node_modules` are searched. */
const HOMES = [".tensorflow", "."];

const HOW_TO = 'docs/engine.md, "The tensorflow device", has the commands that install it';

/**
 * Loads TensorFlow's native library through `@tensorflow/tfjs-node-gpu` or `@tensorflow/tfjs-node`
 * and makes it the backend that tfjs functions run on.
 * Returns the name of the package that was loaded; throws one sentence that says what is missing.
 */
export async function openTensorFlow(options: { homes?: readonly string[] } = {}): Promise<string> {
  const { homes = HOMES } = options;
  const found = homes.flatMap((home) => PACKAGES.map((name) => ({ name, home }))).find(isInstalled);
  if (!found) {
    throw new Error(
      `Cannot open device "tensorflow": ${PACKAGES.at(-1)} is not in node_modules of ` +
        `${homes.map((home) => resolve(home)).join(" or ")}; ${HOW_TO}`,
    );
  }
  try {
    quietly(() => requireFrom(found.home)(found.name));
  } catch (cause) {
    throw new Error(`Cannot open device "tensorflow": ${explain(found.name, cause)}`, { cause });
  }
  if (!await tf.setBackend("tensorflow")) {
    throw new Error(`Cannot open device "tensorflow": ${found.name} registered no backend`);
  }
  return found.name;
}

function requireFrom(home: string): NodeJS.Require {
  return createRequire(pathToFileURL(resolve(home, "package.json")));
}

function isInstalled({ name, home }: { name: string; home: string }): boolean {
  try {
    requireFrom(home).resolve(name);
    return true;
  } catch {
    return false;
  }
}

function explain(name: string, cause: unknown): string {
  const message = (cause instanceof Error ? cause.message : String(cause)).split("\n")[0]!;
  if (message.includes("native addon module")) {
    return `${name} is installed, but its native addon (tfjs_binding.node) was not built; ${HOW_TO}`;
  }
  if (message.includes("libtensorflow")) {
    return `the native library that ${name} was built for is missing (${message}); ${HOW_TO}`;
  }
  return `${name} does not load: ${message}`;
}

/**
 * tfjs-node was last released in 2024. It calls functions that Node 23 took out of `util`, and it
 * brings a second copy of tfjs, which shares the first one's engine and warns of every kernel that
 * is there already.
 */
function quietly(load: () => void): void {
  const removed = util as unknown as Record<string, unknown>;
  removed["isNullOrUndefined"] ??= (value: unknown) => value === null || value === undefined;
  removed["isArray"] ??= Array.isArray;
  if (!Deno.env.has("TF_CPP_MIN_LOG_LEVEL")) Deno.env.set("TF_CPP_MIN_LOG_LEVEL", "2");
  const before = tf.env().getBool("IS_TEST");
  tf.env().set("IS_TEST", true);
  try {
    load();
  } finally {
    tf.env().set("IS_TEST", before);
  }
}
