import type { Arguments } from "../arguments.ts";
import type { TrainConfig } from "./config.ts";
import { configNames, loadConfig } from "./config_files.ts";
import type { Provenance } from "./provenance.ts";
import { checkNewRun, newestRun, openRun, runPath } from "./run_folder.ts";
import { applySettings } from "./settings.ts";

/** Options of `deno task train`. */
export const TRAIN_OPTIONS = {
  set: "list",
  seed: "value",
  device: "value",
  out: "value",
  resume: "optional",
  help: "flag",
} as const;

const USAGE = `deno task train [CONFIG] [options]

  CONFIG              a file of configs/, or the path of a .ts file; "digits" by default
  --set NAME=VALUE    changes a setting, as in --set optimizer.lr=1e-3; any number of times
  --seed NUMBER       short for --set seed=NUMBER
  --device NAME       short for --set device=NAME: cpu, webgpu, cuda, coreml, dml or tensorflow
  --out FOLDER        where the run is kept; runs/CONFIG-DATE-TIME by default
  --resume [FOLDER]   goes on with a run, by default with the one that was started last
  --help
`;

/** What a command line asks for: a run of its own, or one to go on with. */
export type TrainPlan =
  & { path: string; config: TrainConfig }
  & (
    /** `asWritten`: no setting was changed but the seed. */
    | { kind: "new"; asWritten: boolean }
    | { kind: "resume"; provenance: Provenance }
  );

type Options = Arguments<keyof typeof TRAIN_OPTIONS>["options"];

/** Decides what a command line asks for; refuses whatever can be refused before anything is loaded. */
export async function planTraining(
  words: readonly string[],
  options: Options,
): Promise<TrainPlan> {
  const [name, extra] = words;
  if (extra !== undefined) throw new RangeError(`Cannot read "${extra}": one config is enough`);
  if (options.resume) return await planResume(name, options);

  const changes = [...(options.set ?? []), ...short("device", options)];
  const settings = [...changes, ...short("seed", options)];
  const config = applySettings(await loadConfig(name ?? "digits"), settings);
  const path = options.out?.[0] ?? runPath(config.name, new Date());
  await checkNewRun(path);
  return { kind: "new", path, config, asWritten: changes.length === 0 };
}

/** How the command is used. */
export async function usage(): Promise<string> {
  return `${USAGE}\nConfigs: ${(await configNames()).join(", ")}`;
}

async function planResume(name: string | undefined, options: Options): Promise<TrainPlan> {
  const { out, seed, set, resume } = options;
  const fixed = [name, out?.[0], seed?.[0], set?.[0]].find((text) => text !== undefined);
  if (fixed !== undefined) {
    throw new RangeError(
      `Cannot use "${fixed}" with --resume: a run goes on with the settings it was started with`,
    );
  }
  const path = resume?.[0];
  const run = path === undefined ? await newestRun() : await openRun(path);
  // The device alone may change: it says where to compute, not what.
  return { kind: "resume", ...run, config: applySettings(run.config, short("device", options)) };
}

function short(name: "seed" | "device", options: Options): string[] {
  return (options[name] ?? []).map((value) => `${name}=${value}`);
}
