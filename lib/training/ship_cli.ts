/**
 * deno task ship: puts the model of a run among those that come with the course, small and measured.
 *
 *     deno task ship runs/digits-20250131-174500 --as dit-digits
 */
import { dirname, join } from "node:path";
import { numberFrom0, readArguments, runCommand, wholeNumber } from "../arguments.ts";
import { loadDataset } from "../data/mod.ts";
import { type Device, openDevice } from "../engine/mod.ts";
import { judgeOf } from "../evaluation/judge_task.ts";
import { evaluateSamples } from "../evaluation/mod.ts";
import { autoencoderNames, autoencoderPath, loadAutoencoder } from "../latents/mod.ts";
import type { Model } from "../models/mod.ts";
import { countParameters } from "../nn/mod.ts";
import { forkRandom, normals } from "../random.ts";
import { type HostRecord, sizeOf } from "../tensors.ts";
import { autoencoderReadme } from "./autoencoder_table.ts";
import { loadNewestCheckpoint } from "./checkpoint.ts";
import { extendConfig, samplingOf, type TrainConfig } from "./config.ts";
import { type AnyTask, createTask } from "./create_task.ts";
import { writeFileWhole } from "../disk.ts";
import { createImageSampler } from "./image_sampler.ts";
import { openRun, runFile, type RunFolder } from "./run_folder.ts";
import { shipAutoencoder } from "./ship_autoencoder.ts";
import {
  CHECKPOINTS,
  commandOf,
  decodeShipped,
  encodeShipped,
  loadShipped,
  type ShippedCard,
  shippedNames,
  shippedPath,
} from "./shipped.ts";
import { shippedReadme } from "./shipped_table.ts";
import { modelOf, weightsOf } from "./trained_model.ts";

const USAGE = `deno task ship RUN --as NAME [options]

  RUN                folder of a finished run
  --as NAME          writes checkpoints/NAME.safetensors and a line in checkpoints/README.md;
                     an autoencoder becomes checkpoints/autoencoders/NAME.safetensors
  --what TEXT        what it is, in a sentence; as in the run's config by default
  --guidance 1.75    how strongly samples follow their class, instead of the config's value
  --samples 1000     how many samples the numbers are from
  --early            also a run that was ended before its last step: examples learned by heart need no more
  --out FOLDER       instead of checkpoints
`;

const OPTIONS = {
  as: "value",
  what: "value",
  guidance: "value",
  samples: "value",
  early: "flag",
  out: "value",
  help: "flag",
} as const;

/** Runs one command line; throws an error of one sentence for what cannot be done. */
export async function runShip(
  args: readonly string[],
  print: (line: string) => void = console.log,
): Promise<void> {
  const { words, options } = readArguments(args, OPTIONS);
  if (options.help) return print(USAGE);
  if (words.length !== 1) {
    throw new RangeError("Name the folder of one run: deno task ship RUN --as NAME");
  }
  const name = options.as?.[0] ?? "";
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) {
    throw new RangeError(
      `Option --as is "${name}": expected a name of small letters, digits and dashes, as in dit-digits`,
    );
  }
  const count = wholeNumber("samples", options.samples?.[0] ?? "1000", 20, 50_000);
  const guidance = options.guidance && numberFrom0("guidance", options.guidance[0]!);
  const folder = options.out?.[0] ?? CHECKPOINTS;
  const run = await openRun(words[0]!);
  if (run.config.model.kind === "vae") {
    const path = autoencoderPath(name, `${folder}/autoencoders`);
    await Deno.mkdir(dirname(path), { recursive: true });
    const bytes = await shipAutoencoder(run, { what: options.what?.[0], print });
    await writeFileWhole(path, bytes);
    await writeFileWhole(
      join(dirname(path), "README.md"),
      await describeAutoencoders(dirname(path)),
    );
    return print(`${words[0]} is now ${path}, ${(bytes.length / 1e6).toFixed(1)} MB`);
  }
  const config = guidance === undefined
    ? run.config
    : extendConfig(run.config, { sampling: { guidance } });

  await Deno.mkdir(folder, { recursive: true });
  const bytes = await shipRun({ ...run, config }, {
    count,
    early: options.early !== undefined,
    what: options.what?.[0],
    print,
  });
  await writeFileWhole(shippedPath(name, folder), bytes);
  await writeFileWhole(`${folder}/README.md`, shippedReadme(await readAll(folder)));
  print(`${words[0]} is now ${shippedPath(name, folder)}, ${(bytes.length / 1e6).toFixed(1)} MB`);
}

/** The file of a run's newest checkpoint: its moving average, narrowed, measured and described. */
async function shipRun(
  run: RunFolder,
  { count, early, what, print }: {
    count: number;
    early: boolean;
    what: string | undefined;
    print: (line: string) => void;
  },
): Promise<Uint8Array<ArrayBuffer>> {
  const { config, provenance } = run;
  const checkpoint = await loadNewestCheckpoint(runFile(run, "checkpoints"));
  if (!checkpoint) throw new RangeError(`The run in ${run.path} has no checkpoint yet`);
  const { step, model: facts, fingerprint, seconds } = checkpoint.info;
  if (step < config.steps && !early) {
    throw new RangeError(
      `The run in ${run.path} is at step ${step} of ${config.steps}: ` +
        `finish it first with deno task train --resume ${run.path}, or ship it with --early`,
    );
  }
  const model = modelOf(config, checkpoint);
  const weights = weightsOf(checkpoint, config.ema.decay > 0 ? "ema" : "params");
  const device = await openDevice("cpu");
  const any = await createTask(device, config), { task } = any;
  if (task.fingerprint !== fingerprint) {
    throw new RangeError(
      `The run in ${run.path} learned from ${fingerprint}, and the data here is ` +
        `${task.fingerprint}: its numbers would mean something else`,
    );
  }

  const { folder: _, ...data } = config.data;
  const base = { config: { ...config, data }, facts };
  const about: Omit<ShippedCard, "heldout_loss" | "samples"> = {
    what: what ?? config.about.what,
    command: commandOf(provenance.command),
    commit: provenance.commit,
    step,
    minutes: seconds / 60,
    machine: provenance.machine,
    parameters: countParameters(model.params),
    trained_on: task.description ?? fingerprint,
    fingerprint,
  };
  // What is measured is what is shipped: the weights go through the format once.
  const halves =
    decodeShipped(encodeShipped({ ...base, weights, card: about as ShippedCard })).weights;
  const heldout_loss = {
    float32: (await task.heldout!(weights)).loss,
    float16: (await task.heldout!(halves)).loss,
  };
  print(
    `held-out loss ${heldout_loss.float16.toFixed(5)}, in float32 ${
      heldout_loss.float32.toFixed(5)
    }`,
  );
  const samples = any.kind === "text"
    ? await judgePrompts(device, config, any, halves, { count, print })
    : await judgeSamples(device, model, config, halves, count);
  await task.dispose();
  print(
    `${samples.count} samples: class accuracy ${samples.class_accuracy?.value ?? "–"}, ` +
      `Fréchet ${samples.frechet.value.toFixed(2)}, ` +
      `diversity ${samples.diversity?.value.toFixed(2) ?? "–"}`,
  );
  return encodeShipped({ ...base, weights, card: { ...about, heldout_loss, samples } });
}

/** Whether pictures of the weights show what prompts say. */
async function judgePrompts(
  device: Device,
  config: TrainConfig,
  any: AnyTask,
  weights: HostRecord,
  { count, print }: { count: number; print: (line: string) => void },
): Promise<ShippedCard["samples"]> {
  const judge = judgeOf(device, extendConfig(config, { evaluation: { samples: count } }), any);
  if (!judge) throw new RangeError("Cannot judge this model: its captions are not of `pictures`");
  const { samples = count, frechet, chapters = [] } = await judge(weights, print);
  const { data } = chapters.find(({ key }) => key === "prompt_following")!;
  return { count: samples, class_accuracy: null, frechet: frechet!, prompt_following: data };
}

/** Samples of all classes equally often, drawn as the config says, from the noise of `deno task evaluate`. */
async function judgeSamples(
  device: Device,
  model: Model,
  config: TrainConfig,
  weights: HostRecord,
  count: number,
): Promise<ShippedCard["samples"]> {
  const { objective, data } = config;
  const labels = Array.from({ length: count }, (_, i) => i % Math.max(1, model.classes));
  const noise = normals(forkRandom(0, "evaluated samples"), count * sizeOf(model.imageShape));
  const drawing = createImageSampler(device, model, { count, prediction: objective.prediction });
  let images;
  try {
    images = await drawing.draw(weights, { noise, labels, ...samplingOf(config) });
  } finally {
    await drawing.dispose();
  }
  const where = { seed: data.seed, ...(data.folder !== undefined && { folder: data.folder }) };
  const real = {
    train: await loadDataset(data.name, { ...where, split: "train" }),
    heldout: await loadDataset(data.name, { ...where, split: "heldout" }),
  };
  const asked = model.classes > 0 ? { labels } : {};
  const judged = await evaluateSamples(device, { images, ...asked }, { dataset: data.name, real });
  const { class_accuracy, frechet, diversity } = judged;
  return { count, class_accuracy, frechet, diversity };
}

async function describeAutoencoders(folder: string): Promise<string> {
  const names = await autoencoderNames(folder);
  return autoencoderReadme(
    await Promise.all(names.map(async (name) => {
      const path = autoencoderPath(name, folder);
      return { name, ...await loadAutoencoder(path), bytes: (await Deno.stat(path)).size };
    })),
  );
}

async function readAll(folder: string) {
  return await Promise.all((await shippedNames(folder)).map(async (name) => ({
    ...await loadShipped(name, folder),
    bytes: (await Deno.stat(shippedPath(name, folder))).size,
  })));
}

if (import.meta.main) {
  await runCommand(runShip);
}
