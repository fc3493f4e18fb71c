/**
 * deno task classifier: trains the classifiers that samples are judged with, and measures them.
 *
 *     deno task classifier                              digits and, where its files are, mnist: a minute each
 *     deno task classifier mnist --folder PATH          from the IDX files in a folder
 *     deno task classifier pictures                     the judge of what captions say: 10 minutes
 *     deno task classifier digits --check               only measures the one that is there
 *     deno task classifier digits --seed 1 --steps 500 --out runs/classifiers
 */
import { join } from "node:path";
import { type Dataset, loadDataset, type Split } from "../data/mod.ts";
import { type Device, DEVICE_NAMES, openDevice } from "../engine/mod.ts";
import { oneOf, readArguments, runCommand, wholeNumber } from "../arguments.ts";
import { CLASSIFIERS, encodeClassifier, loadClassifier } from "./classifier_weights.ts";
import { checkJudge, trainJudge } from "./prompt_following/judge_commands.ts";
import { JUDGE_RECIPE } from "./prompt_following/train_picture_judge.ts";
import { RECIPE, testClassifier, trainClassifier } from "./train_classifier.ts";

const USAGE = `deno task classifier [digits|mnist|both|pictures]

  trains the classifier of a dataset, prints its held-out accuracy and keeps it

  --check          trains nothing: measures the classifier that is there
  --steps ${RECIPE.steps}     (pictures: ${JUDGE_RECIPE.steps})
  --seed ${RECIPE.seed}     --device cpu
  --folder PATH    where the files of MNIST are, instead of datasets/cache
  --codec vae      pictures: with --check, also measures on what this autoencoder leaves of them
  --out PATH       where classifiers are kept, instead of datasets/classifiers
`;

const OPTIONS = {
  check: "flag",
  help: "flag",
  steps: "value",
  seed: "value",
  device: "value",
  folder: "value",
  codec: "value",
  out: "value",
} as const;

/** Datasets whose classifiers read one digit. */
const HANDWRITING = ["digits", "mnist"];

type Print = (line: string) => void;

/** Runs one command line; throws an error of one sentence for whatever it does not accept. */
export async function runClassifier(
  args: readonly string[],
  print: Print = console.log,
): Promise<void> {
  const { words, options } = readArguments(args, OPTIONS);
  if (options.help) return print(USAGE);
  const choice = words[0] ?? "both", names = [...HANDWRITING, "both", "pictures"];
  if (words.length > 1 || !names.includes(choice)) {
    throw new RangeError(`Cannot train "${words.join(" ")}": choose one of ${names.join(", ")}`);
  }
  const usual = choice === "pictures" ? JUDGE_RECIPE.steps : RECIPE.steps;
  const steps = wholeNumber("steps", options.steps?.[0] ?? String(usual), 1, 1e6);
  const seed = wholeNumber("seed", options.seed?.[0] ?? String(RECIPE.seed), 0, 2 ** 32 - 1);
  const device = await openDevice(oneOf("device", options.device?.[0] ?? "cpu", DEVICE_NAMES));
  const folder = options.folder && { folder: options.folder[0]! };
  const out = options.out?.[0] ?? CLASSIFIERS;

  if (choice === "pictures") {
    if (options.check) await checkJudge(device, { out, codec: options.codec?.[0] }, print);
    else await trainJudge(device, { steps, seed, out }, print);
    return;
  }
  for (const name of choice === "both" ? HANDWRITING : [choice]) {
    const load = (split: Split) => loadDataset(name, { ...folder, split });
    let heldout: Dataset;
    try {
      heldout = await load("heldout");
    } catch (error) {
      if (choice !== "both") throw error;
      print(`${name} is left out: ${(error as Error).message}`);
      continue;
    }
    if (options.check) await checkOne(device, heldout, out, print);
    else await trainOne(device, { train: await load("train"), heldout, steps, seed, out }, print);
  }
}

async function trainOne(
  device: Device,
  { train, heldout, steps, seed, out }: {
    train: Dataset;
    heldout: Dataset;
    steps: number;
    seed: number;
    out: string;
  },
  print: Print,
): Promise<void> {
  print(`${train.name}: ${steps} steps on ${train.description}`);
  const start = performance.now(), path = join(out, `${train.name}.safetensors`);
  const weights = await trainClassifier(device, train, heldout, {
    recipe: { steps, seed },
    onStep(step, loss) {
      if (step % 250 === 0 || step === steps) print(`  step ${step}: loss ${loss.toFixed(3)}`);
    },
  });
  const bytes = encodeClassifier(weights);
  await Deno.mkdir(out, { recursive: true });
  await Deno.writeFile(path, bytes);
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  print(`  held-out accuracy ${percent(weights.card.heldout_accuracy)} on ${heldout.description}`);
  print(`  ${seconds} s; kept in ${path}, ${(bytes.length / 1000).toFixed(0)} kB`);
}

async function checkOne(
  device: Device,
  heldout: Dataset,
  folder: string,
  print: Print,
): Promise<void> {
  const { params, card } = await loadClassifier(heldout.name, folder);
  const { accuracy } = await testClassifier(device, params, heldout);
  print(`${heldout.name}: ${percent(accuracy)} on ${heldout.description}`);
  print(`  its card says ${percent(card.heldout_accuracy)}, seed ${card.seed}; ${card.recipe}`);
  print(`  trained on ${card.trained_on}`);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

if (import.meta.main) {
  await runCommand(runClassifier);
}
