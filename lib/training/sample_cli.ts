/**
 * deno task sample: draws with the model of any run.
 *
 *     deno task sample                                     the newest run, all classes
 *     deno task sample runs/digits-20250131-174500 --classes 3,7 --count 10 --guidance 3
 */
import { join } from "node:path";
import { DEVICE_NAMES, openDevice } from "../engine/mod.ts";
import { type Sampler, SAMPLERS } from "../flow/mod.ts";
import { sizeOf } from "../tensors.ts";
import {
  numberAbove0,
  numberFrom0,
  oneOf,
  readArguments,
  runCommand,
  wholeNumber,
} from "../arguments.ts";
import {
  type Checkpoint,
  checkpointName,
  listCheckpoints,
  loadCheckpoint,
  loadNewestCheckpoint,
} from "./checkpoint.ts";
import { samplingOf } from "./config.ts";
import { writeFileWhole } from "./disk.ts";
import { modelOf, weightsOf } from "./trained_model.ts";
import { createImageSampler, gridNoise } from "./image_sampler.ts";
import { drawSamples } from "./pictures.ts";
import { chosenRun, runFile, type RunFolder } from "./run_folder.ts";

const USAGE = `deno task sample [RUN] [options]

  RUN                  folder of a run; the one that was started last by default
  --classes 0,1,2      classes to draw, one row each; "all" by default
  --count 8            columns, each from its own noise
  --seed 0             seed of the first column; the others follow
  --seeds 3,14,15      seeds of all columns, instead of --count and --seed
  --steps 50           steps from noise to image
  --guidance 2         how strongly to follow the class; 1 is none
  --sampler euler      euler, heun or rk4
  --shift 1            takes more of the steps near noise if above 1
  --weights ema        ema (the moving average) or params
  --checkpoint last    last, best (lowest held-out loss), or a step
  --device cpu         where to compute
  --out FILE           a .png file; samples-SEED.png in the run's folder by default

  Steps, guidance, sampler and shift are by default those of the run's config.
`;

const OPTIONS = {
  classes: "value",
  count: "value",
  seed: "value",
  seeds: "value",
  steps: "value",
  guidance: "value",
  sampler: "value",
  shift: "value",
  weights: "value",
  checkpoint: "value",
  device: "value",
  out: "value",
  help: "flag",
} as const;

type Options = ReturnType<typeof readArguments<keyof typeof OPTIONS>>["options"];

const SEEDS = 2 ** 32 - 1;
/** More would not fit on a page. */
const MOST_COLUMNS = 50;

/** Runs one command line; throws an error of one sentence for what cannot be done. */
export async function runSample(
  args: readonly string[],
  print: (line: string) => void = console.log,
): Promise<void> {
  const { words, options } = readArguments(args, OPTIONS);
  if (options.help) return print(USAGE);
  const run = await chosenRun(words);
  const { objective } = run.config, usual = samplingOf(run.config);

  const deviceName = options.device ? oneOf("device", options.device[0]!, DEVICE_NAMES) : "cpu";
  const seeds = readSeeds(options);
  const steps = options.steps ? wholeNumber("steps", options.steps[0]!, 1, 10_000) : usual.steps;
  const guidance = options.guidance
    ? numberFrom0("guidance", options.guidance[0]!)
    : usual.guidance;
  const sampler = options.sampler
    ? oneOf("sampler", options.sampler[0]!, Object.keys(SAMPLERS) as Sampler[])
    : usual.sampler;
  const shift = options.shift ? numberAbove0("shift", options.shift[0]!) : usual.shift;
  const out = options.out?.[0] ?? join(run.path, `samples-${seeds[0]}.png`);
  if (!out.endsWith(".png")) {
    throw new RangeError(`Cannot draw into "${out}": expected a .png file`);
  }

  const checkpoint = await findCheckpoint(run, options.checkpoint?.[0] ?? "last", print);
  const model = modelOf(run.config, checkpoint);
  const weights = weightsOf(checkpoint, readWeights(options.weights?.[0], run));
  const names = checkpoint.info.model.classes;
  const classes = readClasses(options.classes?.[0] ?? "all", names);
  if (guidance !== 1 && options.guidance && model.classes === 0) {
    throw new RangeError(`Cannot follow --guidance ${guidance}: this model has no classes`);
  }

  const device = await openDevice(deviceName);
  const pixels = sizeOf(model.imageShape), count = classes.length * seeds.length;
  const drawing = createImageSampler(device, model, { count, prediction: objective.prediction });
  try {
    const { noise, labels } = gridNoise(classes, seeds, pixels);
    const images = await drawing.draw(weights, { noise, labels, sampler, steps, guidance, shift });
    const set = {
      images,
      count,
      shape: model.imageShape,
      columns: seeds.length,
      rows: classes.map((label) => names[label] ?? ""),
    };
    const title = `${run.config.name}, step ${checkpoint.info.step}, ${sampler} ${steps} steps` +
      (model.classes > 0 ? `, guidance ${guidance}` : "");
    await writeFileWhole(out, await drawSamples(set, title));
  } finally {
    await drawing.dispose();
  }
  print(`${count} images of ${run.path}, step ${checkpoint.info.step}, drawn in ${out}`);
}

async function findCheckpoint(
  run: RunFolder,
  wanted: string,
  print: (line: string) => void,
): Promise<Checkpoint> {
  const folder = runFile(run, "checkpoints");
  if (wanted === "last") {
    const found = await loadNewestCheckpoint(folder, (reason) => {
      print(`${reason}. Drawing with the one before it.`);
    });
    if (!found) throw new RangeError(`The run in ${run.path} has no checkpoint yet`);
    return found;
  }
  const all = await listCheckpoints(folder);
  const found = wanted === "best"
    ? all.filter(({ info }) => info.heldoutLoss !== null)
      .sort((a, b) => a.info.heldoutLoss! - b.info.heldoutLoss!)[0]
    : all.find(({ info }) => checkpointName(info.step) === checkpointName(Number(wanted)));
  if (!found) {
    const there = all.map(({ info }) => info.step).join(", ") || "none";
    throw new RangeError(
      `Option --checkpoint is "${wanted}": expected last, best or one of the steps ${there}`,
    );
  }
  return await loadCheckpoint(found.path);
}

function readSeeds({ seeds, seed, count }: Options): number[] {
  if (seeds) {
    if (seed || count) throw new RangeError("Give --seeds, or --seed and --count, not both");
    return seeds[0]!.split(",").map((text) => wholeNumber("seeds", text.trim(), 0, SEEDS));
  }
  const columns = wholeNumber("count", count?.[0] ?? "8", 1, MOST_COLUMNS);
  const first = wholeNumber("seed", seed?.[0] ?? "0", 0, SEEDS - columns);
  return Array.from({ length: columns }, (_, i) => first + i);
}

function readWeights(text: string | undefined, { config }: RunFolder): "ema" | "params" {
  if (text === undefined) return config.ema.decay > 0 ? "ema" : "params";
  return oneOf("weights", text, ["ema", "params"]);
}

function readClasses(text: string, names: readonly string[]): number[] {
  // A model without classes draws one row of whatever comes.
  if (names.length === 0) {
    if (text === "all") return [0];
    throw new RangeError(`Cannot draw the classes ${text}: this model has none`);
  }
  if (text === "all") return names.map((_, label) => label);
  return text.split(",").map((word) => {
    const label = names.indexOf(word.trim());
    if (label >= 0) return label;
    throw new RangeError(
      `There is no class "${word.trim()}": classes are ${names.join(", ")}, or all`,
    );
  });
}

if (import.meta.main) {
  await runCommand(runSample);
}
