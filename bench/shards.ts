import { compileTrainStep, openDevice } from "../lib/engine/mod.ts";
import { openShards, openSource, prepareShards } from "../lib/data/shards/mod.ts";
import type { LatentCodec } from "../lib/latents/mod.ts";
import { openTextEncoder } from "../lib/text/mod.ts";
import { adamw } from "../lib/training/optimizers.ts";
import { createTextTask } from "../lib/training/text_task.ts";
import { openTextData } from "../lib/training/text_data.ts";
import { extendConfig } from "../lib/training/mod.ts";
import latent from "../configs/latent.ts";
import type { Runner } from "./benchmarks.ts";

const ROWS = 8192;
const STEPS = 10;

/** Rows per second that are read from prepared shards as batches of the config `latent`, none kept in memory. */
export async function shardRows(): Promise<Runner> {
  const folder = await prepared();
  const shards = await openShards(folder, { memory: false });
  const stream = shards.stream({ batchSize: latent.batchSize, seed: 0 });
  const epoch = async () => {
    const begun = performance.now();
    for (let read = 0; read < ROWS; read += latent.batchSize) await stream.next();
    return ROWS / ((performance.now() - begun) / 1000);
  };
  await epoch();
  return { run: epoch, stop: () => Deno.remove(folder, { recursive: true }) };
}

/** How many times faster rows are read than the model of the config `latent` learns from them. */
export async function shardHeadroom(): Promise<Runner> {
  const rows = await shardRows(), folder = await prepared();
  // No codec, as nothing is decoded; no curriculum, as these are all of one stage.
  const { latents: _, curriculum: __, ...config } = extendConfig(latent, {
    data: { name: "shards", folder },
    text: { encoder: "bag-of-words" },
  });
  const device = await openDevice("cpu");
  const task = await createTextTask(device, config, await openTextData(config));
  const { loss, params, batch } = task;
  const step = await compileTrainStep(device, { loss, params, batch, optimizer: adamw() });
  // The same batch again: its reading is not to be counted on this side.
  const { tensors } = await task.feed.next();
  await step.run(tensors, { learningRate: 1e-4 });
  return {
    async run() {
      const begun = performance.now();
      for (let i = 0; i < STEPS; i++) await step.run(tensors, { learningRate: 1e-4 });
      const seconds = (performance.now() - begun) / 1000;
      return await rows.run() / (STEPS * config.batchSize / seconds);
    },
    async stop() {
      await Promise.all([step.dispose(), task.dispose(), rows.stop()]);
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** A folder with captioned pictures in the shapes of the config `latent`. */
async function prepared(): Promise<string> {
  const folder = await Deno.makeTempDir();
  const source = await openSource("pictures", { stage: "scenes", size: ROWS, imageSize: 64 });
  const encoder = await openTextEncoder("bag-of-words");
  await prepareShards(source, { folder, codec: subsampling, encoder, targetBytes: 4 << 20 });
  return folder;
}

/** Takes one pixel of each 4×4, which costs nothing: reading is measured here, not encoding. */
const subsampling: LatentCodec = {
  name: "subsampling",
  fingerprint: "subsampling",
  latentShape: ([height, width]) => [height / 4, width / 4, 4],
  encode(images, [height, width, channels]) {
    const count = images.length / (height * width * channels), latents: number[] = [];
    for (let row = 0; row < count * height; row += 4) {
      for (let x = 0; x < width; x += 4) {
        const at = (row * width + x) * channels;
        latents.push(images[at]!, images[at + 1]!, images[at + 2]!, 0);
      }
    }
    return Promise.resolve(Float32Array.from(latents));
  },
  decode: () => Promise.reject(new Error("nothing is decoded here")),
  dispose: () => Promise.resolve(),
};
