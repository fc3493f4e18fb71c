import { join } from "node:path";
import { type TrainConfig } from "../../training/config.ts";
import { checkConfig } from "../../training/settings.ts";
import { writeFileWhole } from "../../disk.ts";

/** The two sides of a comparison. */
export const SIDES = ["a", "b"] as const;

/** One of them. */
export type Side = typeof SIDES[number];

/** What is compared: two configs, each run once with every seed. Frozen in the folder, so that it can go on. */
export interface ComparePlan {
  names: Record<Side, string>;
  configs: Record<Side, TrainConfig>;
  seeds: readonly number[];
}

/** A comparison on disk. */
export interface CompareFolder {
  path: string;
  plan: ComparePlan;
}

/** A setting that the two configs have differently. */
export interface Difference {
  name: string;
  a: string;
  b: string;
}

const PLAN = "plan.json";

/** Settings that only say what a config is for. */
const WORDS = ["name", "about", "seed"];
/** Settings that decide what a number means: these must be equal, or nothing could be compared. */
const MEASURES = [
  "data.name",
  "data.seed",
  "data.folder",
  "data.imageSize",
  "heldout",
  "evaluation",
];

/** Names of two configs, told apart where they are the same. */
export function namesOf(a: TrainConfig, b: TrainConfig): Record<Side, string> {
  return a.name === b.name ? { a: `${a.name} (A)`, b: `${b.name} (B)` } : { a: a.name, b: b.name };
}

/** Settings that differ, by dotted name; those that are only words are left out. */
export function differencesOf(a: TrainConfig, b: TrainConfig): Difference[] {
  const [left, right] = [a, b].map((config) => new Map(leaves(config)));
  const names = [...new Set([...left!.keys(), ...right!.keys()])];
  return names
    .filter((name) => !WORDS.includes(name.split(".")[0]!) && left!.get(name) !== right!.get(name))
    .map((name) => ({ name, a: left!.get(name) ?? "–", b: right!.get(name) ?? "–" }));
}

/** Throws a RangeError unless numbers of the two configs mean the same. */
export function checkComparable(a: TrainConfig, b: TrainConfig): void {
  const differences = differencesOf(a, b);
  const wrong = differences.find(({ name }) =>
    MEASURES.some((measure) => name === measure || name.startsWith(`${measure}.`))
  );
  if (wrong) {
    throw new RangeError(
      `Cannot compare: ${wrong.name} is ${wrong.a} for A and ${wrong.b} for B, ` +
        "and both must be judged on the same",
    );
  }
  if (differences.length === 0) {
    throw new RangeError(
      "Cannot compare: both configs are the same; change one with --set-b NAME=VALUE",
    );
  }
}

/** The folder of one run: `FOLDER/a/seed-0`. */
export function runPathOf({ path }: Pick<CompareFolder, "path">, side: Side, seed: number): string {
  return join(path, side, `seed-${seed}`);
}

/** The config of one run. */
export function configOf({ plan }: CompareFolder, side: Side, seed: number): TrainConfig {
  return { ...plan.configs[side], seed };
}

/**
 * Makes the folder of a comparison, or opens it to go on. More seeds may be asked for than before; anything else that
 * differs from what the folder was made for is refused.
 */
export async function openComparison(path: string, plan: ComparePlan): Promise<CompareFolder> {
  const before = await readPlan(path);
  if (before) {
    for (const side of SIDES) {
      const [changed] = differencesOf(before.configs[side], plan.configs[side]);
      if (!changed) continue;
      throw new RangeError(
        `Cannot go on in ${path}: it compares something else (${changed.name} of ` +
          `${side.toUpperCase()} was ${changed.a}, now ${changed.b}); choose another with --out`,
      );
    }
  }
  const seeds = [...new Set([...before?.seeds ?? [], ...plan.seeds])].sort((a, b) => a - b);
  const whole = { ...plan, seeds };
  await Deno.mkdir(path, { recursive: true });
  await writeFileWhole(join(path, PLAN), `${JSON.stringify(whole, null, 2)}\n`);
  return { path, plan: whole };
}

/** Opens a comparison that is there; throws a RangeError if the folder holds none. */
export async function findComparison(path: string): Promise<CompareFolder> {
  const plan = await readPlan(path);
  if (!plan) throw new RangeError(`There is no comparison in ${path}: it has no ${PLAN}`);
  return { path, plan };
}

async function readPlan(path: string): Promise<ComparePlan | undefined> {
  let text: string;
  try {
    text = await Deno.readTextFile(join(path, PLAN));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  const { names, configs, seeds } = JSON.parse(text) as ComparePlan;
  return { names, configs: { a: checkConfig(configs.a), b: checkConfig(configs.b) }, seeds };
}

/** Dotted names and values of all settings. */
function leaves(record: object, prefix = ""): [string, string][] {
  return Object.entries(record).flatMap(([key, value]): [string, string][] => {
    const name = prefix + key;
    if (typeof value !== "object" || value === null) return [[name, String(value)]];
    return Array.isArray(value) ? [[name, JSON.stringify(value)]] : leaves(value, `${name}.`);
  });
}
