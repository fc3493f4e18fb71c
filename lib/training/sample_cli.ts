/**
 * deno task sample: draws with the model of any run.
 *
 *     deno task sample                                     the newest run, all classes
 *     deno task sample runs/digits-20250131-174500 --classes 3,7 --count 10 --guidance 3
 *     deno task sample --prompt "a red chair" --prompt "two dogs left of a clock" --guidance 4
 */
import { dirname, join } from "node:path";
import {
  numberAbove0,
  numberFrom0,
  oneOf,
  readArguments,
  runCommand,
  wholeNumber,
} from "../arguments.ts";
import { type Device, DEVICE_NAMES, openDevice } from "../engine/mod.ts";
import { type Sampler, SAMPLERS } from "../flow/mod.ts";
import { sizeOf } from "../tensors.ts";
import { chooseModel, type ChosenModel } from "./choose_model.ts";
import { samplingOf } from "./config.ts";
import { writeFileWhole } from "../disk.ts";
import { createImageSampler, gridNoise, takesCondition } from "./image_sampler.ts";
import { drawSamples } from "./pictures.ts";
import { samplePrompts } from "./sample_prompts.ts";
import type { SampleSet } from "./task.ts";

const USAGE = `deno task sample [RUN] [options]

  RUN                  folder of a run, or a model that comes with the course, such as latent-pictures; by
                       default the run that was started last
  --prompt "a dog"     what to draw, one row each; any number of times (models with text)
  --prompts FILE       the same from a file, one prompt a line
  --negative "a cat"   what the pictures should not show
  --classes 0,1,2      classes to draw, one row each; "all" by default
  --count 8            columns, each from its own noise
  --seed 0             seed of the first column; the others follow
  --seeds 3,14,15      seeds of all columns, instead of --count and --seed
  --steps 50           steps from noise to image
  --guidance 2         how strongly to follow the class or prompt; 1 is none
  --sampler euler      euler, heun or rk4
  --shift 1            takes more of the steps near noise if above 1
  --weights ema        ema (the moving average) or params
  --checkpoint last    last, best (lowest held-out loss), or a step
  --decoder FILE       another decoder of latents than in training
  --device cpu         where to compute
  --out FILE           a .png file; samples-SEED.png in the run's folder by default

  Steps, guidance, sampler and shift are by default those of the run's config.
`;

const OPTIONS = {
  prompt: "list",
  prompts: "value",
  negative: "value",
  decoder: "value",
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
const MOST_COLUMNS = 50, MOST_PROMPTS = 100;

/** Runs one command line; throws an error of one sentence for what cannot be done. */
export async function runSample(
  args: readonly string[],
  print: (line: string) => void = console.log,
): Promise<void> {
  const { words, options } = readArguments(args, OPTIONS);
  if (options.help) return print(USAGE);
  const deviceName = options.device ? oneOf("device", options.device[0]!, DEVICE_NAMES) : "cpu";
  const seeds = readSeeds(options), prompts = await readPrompts(options);
  const chosen = await chooseModel(words, {
    checkpoint: options.checkpoint?.[0],
    weights: options.weights?.[0],
    print,
  });
  const { model, config } = chosen;
  const how = readHow(options, samplingOf(config));
  const out = options.out?.[0] ?? join(chosen.folder, `samples-${seeds[0]}.png`);
  if (!out.endsWith(".png")) {
    throw new RangeError(`Cannot draw into "${out}": expected a .png file`);
  }
  checkOptions(options, chosen);
  const classes = readClasses(options.classes?.[0] ?? "all", chosen.facts.classes);

  const device = await openDevice(deviceName);
  const set = model.text
    ? await samplePrompts(device, chosen, {
      prompts: prompts ?? await chosen.prompts(),
      seeds,
      negative: options.negative?.[0],
      codec: options.decoder?.[0],
      how,
    })
    : await sampleClasses(device, chosen, { classes, seeds, how });
  const { sampler, steps, guidance } = how;
  const title = `${chosen.name}, step ${chosen.step}, ${sampler} ${steps} steps` +
    (takesCondition(model) ? `, guidance ${guidance}` : "");
  await Deno.mkdir(dirname(out), { recursive: true });
  await writeFileWhole(out, await drawSamples(set, title));
  print(`${set.count} images of ${chosen.name}, step ${chosen.step}, drawn in ${out}`);
}

/** One row per class, one column per seed. */
async function sampleClasses(
  device: Device,
  { model, config, facts, weights }: ChosenModel,
  { classes, seeds, how }: { classes: number[]; seeds: number[]; how: How },
): Promise<SampleSet> {
  const pixels = sizeOf(model.imageShape), count = classes.length * seeds.length;
  const { prediction } = config.objective;
  const drawing = createImageSampler(device, model, { count, prediction });
  try {
    const images = await drawing.draw(weights, { ...gridNoise(classes, seeds, pixels), ...how });
    const rows = classes.map((label) => facts.classes[label] ?? "");
    return { images, count, shape: model.imageShape, columns: seeds.length, rows };
  } finally {
    await drawing.dispose();
  }
}

type How = ReturnType<typeof samplingOf>;

/** How to draw: as the config says, but for what the command line says. */
function readHow({ steps, guidance, sampler, shift }: Options, usual: How): How {
  return {
    steps: steps ? wholeNumber("steps", steps[0]!, 1, 10_000) : usual.steps,
    guidance: guidance ? numberFrom0("guidance", guidance[0]!) : usual.guidance,
    sampler: sampler
      ? oneOf("sampler", sampler[0]!, Object.keys(SAMPLERS) as Sampler[])
      : usual.sampler,
    shift: shift ? numberAbove0("shift", shift[0]!) : usual.shift,
  };
}

/** Refuses options that the model has no use for. */
function checkOptions(options: Options, { model, name }: ChosenModel): void {
  const forText = (["prompt", "prompts", "negative", "decoder"] as const)
    .find((option) => options[option]);
  if (forText && !model.text) {
    throw new RangeError(
      `Cannot use --${forText}: ${name} takes no text; ` +
        (model.classes > 0 ? "ask it for --classes" : "it draws whatever comes"),
    );
  }
  if (options.classes && model.text) {
    throw new RangeError(`Cannot use --classes: ${name} is asked in words, with --prompt`);
  }
  if (options.guidance && Number(options.guidance[0]) !== 1 && !takesCondition(model)) {
    throw new RangeError(
      `Cannot follow --guidance ${options.guidance[0]}: this model has no classes and no text`,
    );
  }
}

/** Prompts of the command line and of the file; undefined where there are none. */
async function readPrompts({ prompt, prompts }: Options): Promise<string[] | undefined> {
  if (!prompt && !prompts) return undefined;
  const lines = prompts ? (await readText(prompts[0]!)).split(/\r?\n/) : [];
  const all = [...prompt ?? [], ...lines.map((line) => line.trim()).filter(Boolean)];
  if (all.length === 0) throw new RangeError(`There are no prompts in ${prompts![0]}`);
  if (all.length > MOST_PROMPTS) {
    throw new RangeError(`Cannot draw ${all.length} prompts on one page: at most ${MOST_PROMPTS}`);
  }
  return all;
}

async function readText(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    throw new RangeError(`Cannot read the prompts in ${path}: ${(error as Error).message}`);
  }
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
