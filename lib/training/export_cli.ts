/**
 * deno task export: writes the model of a run as an ONNX file, which also runs in a browser.
 *
 *     deno task export                                     the newest run, one image at a time
 *     deno task export runs/digits-20250131-174500 --out runs/digits.onnx --batch 16
 *     deno task export --autoencoder pictures              encoder and decoder
 */
import { basename, join } from "node:path";
import { readArguments, runCommand, wholeNumber } from "../arguments.ts";
import { exportOnnx } from "../engine/mod.ts";
import { exportCodec, loadAutoencoder } from "../latents/mod.ts";
import type { ImageShape, Model } from "../models/mod.ts";
import { latentShapeOf, nullClass } from "../models/mod.ts";
import { addPrefix } from "../nn/mod.ts";
import { describeSpec, type SpecRecord } from "../tensors.ts";
import { loadNewestCheckpoint } from "./checkpoint.ts";
import { writeFileWhole } from "../disk.ts";
import { chosenRun, runFile } from "./run_folder.ts";
import { modelOf, weightsOf } from "./trained_model.ts";
import { takesCondition } from "./image_sampler.ts";
import { velocityFunction } from "./velocity_function.ts";

const USAGE = `deno task export [RUN] [options]

  RUN          folder of a run; the one that was started last by default
  --batch 1    images that the file takes at once
  --out FILE   an .onnx file; model.onnx in the run's folder by default

deno task export --autoencoder NAME [options]

  NAME         an autoencoder that comes with the course, as in pictures, or its .safetensors file
  --size 64    height and width of the images
  --batch 1    images that the files take at once
  --out FOLDER gets encoder.onnx and decoder.onnx; runs/NAME by default
`;

const OPTIONS = {
  autoencoder: "value",
  size: "value",
  batch: "value",
  out: "value",
  help: "flag",
} as const;

/** Runs one command line; throws an error of one sentence for what cannot be done. */
export async function runExport(
  args: readonly string[],
  print: (line: string) => void = console.log,
): Promise<void> {
  const { words, options } = readArguments(args, OPTIONS);
  if (options.help) return print(USAGE);
  const count = wholeNumber("batch", options.batch?.[0] ?? "1", 1, 4096);
  if (options.autoencoder) {
    const size = wholeNumber("size", options.size?.[0] ?? "64", 4, 4096);
    const name = options.autoencoder[0]!;
    const out = options.out?.[0] ?? join("runs", basename(name, ".safetensors"));
    return await exportAutoencoder(name, { count, imageShape: [size, size, 3], out }, print);
  }
  const run = await chosenRun(words);
  const out = options.out?.[0] ?? join(run.path, "model.onnx");
  if (!out.endsWith(".onnx")) {
    throw new RangeError(`Cannot export to "${out}": expected an .onnx file`);
  }
  const checkpoint = await loadNewestCheckpoint(runFile(run, "checkpoints"), (reason) => {
    print(`${reason}. Exporting the one before it.`);
  });
  if (!checkpoint) throw new RangeError(`The run in ${run.path} has no checkpoint yet`);
  const model = modelOf(run.config, checkpoint);
  const weights = weightsOf(checkpoint, run.config.ema.decay > 0 ? "ema" : "params");

  const { fn, inputs } = velocityFunction(model, {
    prediction: run.config.objective.prediction,
    count,
    guided: takesCondition(model),
  });
  const bytes = exportOnnx(fn, inputs, { constants: addPrefix(weights, "weights") });
  await writeFileWhole(out, bytes);
  const size = (bytes.length / 1e6).toFixed(1);
  print(`${run.path}, step ${checkpoint.info.step}, is in ${out} (${size} MB)\n`);
  print(describeFile(basename(out), model, inputs));
}

/** Writes both directions of an autoencoder; images and latents are those that a codec takes and gives. */
async function exportAutoencoder(
  name: string,
  { out, ...shapes }: { out: string; count: number; imageShape: ImageShape },
  print: (line: string) => void,
): Promise<void> {
  const autoencoder = await loadAutoencoder(name);
  await Deno.mkdir(out, { recursive: true });
  const latents = describeSpec({
    shape: [shapes.count, ...latentShapeOf(autoencoder.options, shapes.imageShape)],
    dtype: "float32",
  });
  const images = describeSpec({ shape: [shapes.count, ...shapes.imageShape], dtype: "float32" });
  const ways = {
    encode: `images ${images} → latents ${latents}`,
    decode: `latents ${latents} → images ${images}`,
  };
  for (const direction of ["encode", "decode"] as const) {
    const { bytes } = exportCodec(autoencoder, direction, shapes);
    const file = join(out, `${direction}r.onnx`);
    await writeFileWhole(file, bytes);
    print(`${file} (${(bytes.length / 1e6).toFixed(1)} MB): ${ways[direction]}`);
  }
  print("Images lie in [−1, 1], rows first and colours last; latents have about unit variance.");
}

/** What goes in, what comes out, and how to call it. */
function describeFile(file: string, model: Model, inputs: SpecRecord): string {
  const meaning: Record<string, string> = {
    x: "images, noise at first",
    t: "noise level, from 1 (noise) to 0 (data)",
    label: `class, or ${nullClass(model)} for any`,
    "text.pooled": "one vector per prompt, of length 1",
    "text.tokens": "one vector per token of the prompt",
    "text.mask": "1 for tokens, 0 for padding",
    "text.keep": "1, or 0 for the null text",
    "negative.pooled": "the same of what to lead away from",
    "negative.tokens": "",
    "negative.mask": "",
    "negative.keep": "0 where there is no negative prompt",
    scale: "guidance scale; 1 is none",
    velocity: "from data to noise: x(t − dt) = x(t) − dt · velocity",
  };
  const width = Math.max(9, ...Object.keys(inputs).map((name) => name.length + 2));
  const line = ([name, spec]: [string, SpecRecord[string]]) =>
    `    ${name.padEnd(width)}${describeSpec(spec).padEnd(23)}${meaning[name]}`.trimEnd();
  const tensors = Object.entries(inputs).map(([name, { dtype, shape }]) => {
    const [key, variable] = name.includes(".") ? [`"${name}"`, camelCase(name)] : [name, name];
    return `${key}: new ort.Tensor("${dtype}", ${variable}, [${shape.join(", ")}])`;
  });
  return [
    "  inputs",
    ...Object.entries(inputs).map(line),
    "  output",
    line(["velocity", inputs.x!]),
    "",
    "With onnxruntime-web as ort, each input being an array of its numbers:",
    `    const session = await ort.InferenceSession.create("${file}");`,
    `    const { velocity } = await session.run({ ${tensors.join(", ")} });`,
  ].join("\n");
}

function camelCase(name: string): string {
  return name.replace(/\.(.)/g, (_, letter: string) => letter.toUpperCase());
}

if (import.meta.main) {
  await runCommand(runExport);
}
