import { batchOf, type Dataset, loadDataset } from "../data/mod.ts";
import { compile, type Device, openDevice } from "../engine/mod.ts";
import {
  type AutoencoderCard,
  collectStatistics,
  decodeAutoencoder,
  encodeAutoencoder,
  type LatentStatistics,
  reconstruct,
  type ReconstructionScore,
  scalingFrom,
  vaeCodec,
} from "../latents/mod.ts";
import { type Vae, vae } from "../models/mod.ts";
import { addPrefix, countParameters, takePrefix } from "../nn/mod.ts";
import { float32, type HostRecord } from "../tensors.ts";
import { loadNewestCheckpoint } from "./checkpoint.ts";
import { loadImages } from "./flow_task.ts";
import { otherModel } from "./resume.ts";
import { runFile, type RunFolder } from "./run_folder.ts";
import { commandOf } from "./shipped.ts";
import { shapesOf } from "./task.ts";
import { weightsOf } from "./trained_model.ts";
import { splitSettings, type VaeTrainConfig } from "./vae_task.ts";

/** Options of {@linkcode shipAutoencoder}. */
export interface ShipAutoencoderOptions {
  /** In a sentence; as in the run's config by default. */
  what?: string | undefined;
  /** Pictures that the statistics are taken from, and a quarter as many to judge by; 4,096 by default. */
  images?: number;
  /** Heights and widths at which it is judged. */
  sizes?: readonly number[];
  print?: (line: string) => void;
}

/**
 * The bytes of the autoencoder of a run's newest checkpoint: the moving average of its weights in half precision,
 * the scaling measured on images that it learned from, and its PSNR on images kept aside.
 */
export async function shipAutoencoder(
  run: RunFolder,
  options: ShipAutoencoderOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const { what, images = 4096, sizes = [64, 32], print = console.log } = options;
  const config = run.config as VaeTrainConfig;
  const checkpoint = await loadNewestCheckpoint(runFile(run, "checkpoints"));
  if (!checkpoint) throw new RangeError(`The run in ${run.path} has no checkpoint yet`);
  const { step, fingerprint, seconds, shapes } = checkpoint.info;
  if (step < config.steps) {
    throw new RangeError(
      `The run in ${run.path} is at step ${step} of ${config.steps}: ` +
        `finish it first with deno task train --resume ${run.path}`,
    );
  }
  const model = vae(splitSettings(config.model).options);
  const other = otherModel(shapes, shapesOf(model.params));
  if (other) {
    throw new RangeError(`Cannot use ${checkpoint.path}: it is of another model: ${other}`);
  }
  const { train } = await loadImages(config);
  if (train.fingerprint !== fingerprint) {
    throw new RangeError(
      `The run in ${run.path} learned from ${fingerprint}, and the data here is ` +
        `${train.fingerprint}: its numbers would mean something else`,
    );
  }

  const device = await openDevice("cpu");
  const trained = weightsOf(checkpoint, config.ema.decay > 0 ? "ema" : "params");
  const plain = { options: model.options, scaling: { shift: zeros(model), scale: 1 }, card: null };
  // What is measured is what is shipped: the weights go through the format once.
  const { weights } = decodeAutoencoder(encodeAutoencoder({ ...plain, weights: trained }));
  const statistics = await measureLatents(device, model, weights, train, images);
  const scaling = scalingFrom(statistics);
  print(
    `${statistics.images} images: latents have mean ${list(statistics.mean)}, ` +
      `deviation ${list(statistics.deviation)}, ${statistics.overall.toFixed(3)} overall`,
  );
  const content = { options: model.options, scaling, weights };
  const codec = vaeCodec(
    decodeAutoencoder(encodeAutoencoder({ ...content, card: null })),
    device,
    "",
  );
  const reconstruction: ReconstructionScore[] = [];
  for (const size of sizes) {
    const count = Math.max(1, Math.round(images / 8));
    const heldout = await heldoutOf(config, size, count);
    const { psnr, psnrOfMeanError } = await reconstruct(
      codec,
      batchOf(heldout, range(heldout.size)).images,
      heldout.shape,
    );
    reconstruction.push({
      size,
      images: heldout.size,
      psnr,
      psnr_of_mean_error: psnrOfMeanError,
    });
    print(`${heldout.size} images kept aside at ${size} pixels: PSNR ${psnr.toFixed(2)} dB`);
  }
  await codec.dispose();
  const card: AutoencoderCard = {
    what: what ?? config.about.what,
    command: commandOf(run.provenance.command),
    commit: run.provenance.commit,
    step,
    minutes: seconds / 60,
    machine: run.provenance.machine,
    parameters: countParameters(model.params),
    trained_on: train.description,
    fingerprint,
    reconstruction,
    statistics,
  };
  return encodeAutoencoder({ ...content, card });
}

/** Images that run at once. */
const CHUNK = 16;

/** Statistics of the means that the encoder gives for the first images of a dataset. */
async function measureLatents(
  device: Device,
  model: Vae,
  weights: HostRecord,
  dataset: Dataset,
  images: number,
): Promise<LatentStatistics> {
  const constants = addPrefix(weights, "weights");
  const shape = [CHUNK, ...dataset.shape];
  const program = await compile(
    device,
    (inputs) => ({ mean: model.encode(takePrefix(inputs, "weights"), inputs.images!).mean }),
    { images: { shape, dtype: "float32" } },
    { constants },
  );
  const statistics = collectStatistics(model.options.latentChannels);
  const count = Math.max(CHUNK, Math.min(images, dataset.size));
  for (let start = 0; start + CHUNK <= count; start += CHUNK) {
    const indices = range(CHUNK).map((i) => (start + i) % dataset.size);
    const batch = float32(shape, batchOf(dataset, indices).images);
    statistics.add((await program.run({ images: batch })).mean!.data, CHUNK);
  }
  await program.dispose();
  return statistics.result();
}

async function heldoutOf({ data }: VaeTrainConfig, size: number, count: number): Promise<Dataset> {
  const options = { seed: data.seed, ...(data.folder !== undefined && { folder: data.folder }) };
  return await loadDataset(data.name, {
    ...options,
    split: "heldout",
    size: count,
    imageSize: size,
  });
}

function zeros(model: Vae): number[] {
  return new Array<number>(model.options.latentChannels).fill(0);
}

function list(values: readonly number[]): string {
  return values.map((value) => value.toFixed(2)).join(", ");
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
