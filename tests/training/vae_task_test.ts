import { type Dataset } from "@course/data/mod.ts";
import {
  encodeAutoencoder,
  loadAutoencoder,
  openCodec,
  psnrOf,
  reconstruct,
} from "@course/latents/mod.ts";
import { klDivergence, reparameterise, vae } from "@course/models/mod.ts";
import { initialise, normal, toTensors } from "@course/nn/mod.ts";
import { createRandom, normals } from "@course/random.ts";
import { float32 } from "@course/tensors.ts";
import { loadNewestCheckpoint } from "@course/training/checkpoint.ts";
import { extendConfig } from "@course/training/config.ts";
import { readMetrics } from "@course/training/metrics.ts";
import { runFile } from "@course/training/run_folder.ts";
import { runShip } from "@course/training/ship_cli.ts";
import { train, type TrainOptions } from "@course/training/train.ts";
import { vaeFeed } from "@course/training/vae_feed.ts";
import { halve, vaeLoss } from "@course/training/vae_loss.ts";
import { createVaeTask, type VaeTrainConfig } from "@course/training/vae_task.ts";
import {
  assert,
  assertAllClose,
  assertEquals,
  assertMatch,
  assertRejects,
  assertThrows,
} from "@std/assert";
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import smoke from "../../configs/smoke.ts";
import { cpu, newRun, withFolder } from "./fixtures.ts";

const tiny = { width: 8, latentChannels: 2, groups: 2, encoderBlocks: 1, decoderBlocks: 1 };
const config = extendConfig(smoke, {
  name: "vae-smoke",
  model: {
    kind: "vae",
    ...tiny,
    klWeight: 1e-3,
    scaleWeight: 0.5,
    edgeWeight: 0.5,
    halfWeight: 0.5,
  },
  data: { name: "pictures", size: 24, imageSize: 16 },
  optimizer: { lr: 3e-3 },
  steps: 6,
  batchSize: 4,
  heldout: { images: 20 },
  every: { log: 1, heldout: 3, samples: 6, checkpoint: 2 },
});

/** Coloured gradients: fast to make, and something to learn. */
function gradients(count: number, name: string): Dataset {
  const random = createRandom(count), images = new Uint8Array(count * 16 * 16 * 3);
  for (let n = 0; n < count; n++) {
    const colours = [0, 1, 2].map(() => [random.integer(256), random.integer(256)] as const);
    for (let pixel = 0; pixel < 256; pixel++) {
      const share = (pixel % 16) / 15;
      colours.forEach(([from, to], c) =>
        images[(n * 256 + pixel) * 3 + c] = from + share * (to - from)
      );
    }
  }
  return {
    name,
    size: count,
    shape: [16, 16, 3],
    classes: ["gradient"],
    images,
    labels: new Uint8Array(count),
    fingerprint: name,
    description: name,
  };
}

const images = { train: gradients(24, "gradients"), heldout: gradients(20, "others") };

async function trained(folder: string, options: TrainOptions = {}) {
  const run = await newRun(folder, config);
  const task = await createVaeTask(cpu, config as VaeTrainConfig, images);
  const result = await train(task, run, cpu, options);
  await result.dispose();
  await task.dispose();
  return { run, result };
}

Deno.test("an autoencoder learns to reconstruct images kept aside", () =>
  withFolder(async (folder) => {
    const longer = extendConfig(config, {
      model: { kind: "vae", ...tiny },
      optimizer: { lr: 1e-2 },
      steps: 80,
      every: { heldout: -1, samples: -1, checkpoint: -1 },
    });
    const task = await createVaeTask(cpu, longer as VaeTrainConfig, images);
    const before = await task.heldout(task.params);
    const result = await train(task, await newRun(folder, longer), cpu);
    const after = await task.heldout(result.weights());
    assert(after.loss < before.loss / 3, `${after.loss} after, ${before.loss} before`);
    assertEquals(after, await task.heldout(result.weights()));
    const { ceiling, floor } = await task.heldoutBounds!(result.weights());
    assertEquals(floor, before.loss);
    assert(ceiling < before.loss / 3, "the images that were learned from");
    const { chapters } = await task.judge!(result.weights());
    const { psnr_of_mean_error: psnr } = chapters![0]!.data as { psnr_of_mean_error: number };
    assertAllClose([psnr], [psnrOf(after.loss)], 1e-9);

    const { images: grid, count, shape, rows, columns } = await task.sample(result.weights());
    assertEquals([count, columns, shape], [32, 8, [16, 16, 3]]);
    assertEquals(rows, ["original", "reconstructed", "original", "reconstructed"]);
    // The second row is of the same images as the first.
    const row = 8 * 768,
      difference = (from: number) =>
        grid.subarray(0, row).reduce((sum, value, i) => sum + (value - grid[from + i]!) ** 2, 0);
    assert(difference(row) < difference(2 * row) / 2, `${difference(row)}`);
    await result.dispose();
    await task.dispose();
  }));

Deno.test("a run of an autoencoder that is stopped and resumed ends with exactly the same state", () =>
  withFolder(async (folder) => {
    const whole = await trained(`${folder}/whole`);
    const stop = new AbortController();
    const { run } = await trained(`${folder}/stopped`, {
      stop: stop.signal,
      watch: { onStep: ({ step }) => step === 3 && stop.abort() },
    });
    const resume = await loadNewestCheckpoint(runFile(run, "checkpoints"));
    assertEquals(resume!.info.step, 3);
    const task = await createVaeTask(cpu, config as VaeTrainConfig, images);
    const result = await train(task, run, cpu, { resume });
    await result.dispose();
    await task.dispose();

    const [expected, actual] = await Promise.all(
      [whole.run, run].map((run) => loadNewestCheckpoint(runFile(run, "checkpoints"))),
    );
    assertEquals(actual!.state, expected!.state);
    assertEquals(actual!.info.position, expected!.info.position);
    const losses = async (path: string) =>
      (await readMetrics(runFile({ path }, "metrics"))).map(({ step, loss }) => [step, loss]);
    assertEquals(await losses(run.path), await losses(whole.run.path));
  }));

Deno.test("the feed goes on from a saved position with the same images and noise", () => {
  const options = { batchSize: 4, seed: 1, latentChannels: 2 };
  const feed = vaeFeed(images.train, options);
  feed.next();
  const { after } = feed.next(), third = feed.next().tensors;
  assertEquals(third.noise!.shape, [4, 4, 4, 2]);
  const other = vaeFeed(images.train, options);
  other.restore(JSON.parse(JSON.stringify(after)));
  assertEquals(other.next().tensors, third);
  assertThrows(() => other.restore({ ...after, generators: {} }), 'no generator "noise"');
});

Deno.test("the loss is the sum of its parts, computed apart", async () => {
  await tf.setBackend("cpu");
  const model = vae(tiny);
  const specs = Object.fromEntries(
    Object.entries(model.params).map(([name, spec]) => [name, { ...spec, init: normal(0.2) }]),
  );
  const params = toTensors(initialise(specs, createRandom(1)));
  const batch = toTensors({
    images: float32([2, 8, 8, 3], normals(createRandom(2), 384)),
    noise: float32([2, 2, 2, 2], normals(createRandom(3), 16)),
  });
  const loss = (klWeight: number, edgeWeight: number, scaleWeight: number, halfWeight = 0) =>
    vaeLoss(model, { klWeight, edgeWeight, scaleWeight, halfWeight })(params, batch).dataSync()[0]!;
  const rounded = (x: number) => Math.sqrt(x ** 2 + 0.02 ** 2) - 0.02;
  const mean = (values: number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;

  const code = model.encode(params, batch.images!);
  const latents = reparameterise(code, batch.noise!);
  const error = tf.sub(model.decode(params, latents), batch.images!);
  const plain = loss(0, 0, 0);
  assertAllClose([plain], [mean([...error.dataSync()].map(rounded))], 1e-5);
  const kl = mean([...klDivergence(code).dataSync()]);
  assertAllClose([loss(0.1, 0, 0) - plain], [0.1 * kl], 1e-5);

  const values = error.arraySync() as number[][][][], edges: number[][] = [[], []];
  for (const image of values) {
    for (let y = 0; y < 7; y++) {
      for (let x = 0; x < 7; x++) {
        for (let c = 0; c < 3; c++) {
          edges[0]!.push(rounded(image[y]![x + 1]![c]! - image[y]![x]![c]!));
          edges[1]!.push(rounded(image[y + 1]![x]![c]! - image[y]![x]![c]!));
        }
      }
    }
  }
  assertAllClose([loss(0, 0.1, 0) - plain], [0.1 * (mean(edges[0]!) + mean(edges[1]!))], 1e-5);

  const pool = (x: tf.Tensor) => tf.avgPool(x as tf.Tensor4D, 2, 2, "valid");
  assertAllClose(halve(batch.images!).dataSync(), pool(batch.images!).dataSync(), 1e-6);
  const small = pool(batch.images!), smallCode = model.encode(params, small);
  const corner = tf.slice(batch.noise!, [0, 0, 0, 0], [2, 1, 1, 2]);
  const smallError = tf.sub(model.decode(params, reparameterise(smallCode, corner)), small);
  assertAllClose(
    [loss(0, 0, 0, 0.1) - plain],
    [0.1 * mean([...smallError.dataSync()].map(rounded))],
    1e-5,
  );
  const halved = tf.sub(model.decode(params, pool(latents)), pool(batch.images!));
  assertAllClose(
    [loss(0, 0, 0.1) - plain],
    [0.1 * mean([...halved.dataSync()].map(rounded))],
    1e-5,
  );
});

Deno.test("a run of an autoencoder on pictures becomes a file with its scaling and PSNR", () =>
  withFolder(async (folder) => {
    const run = await newRun(folder, config);
    const task = await createVaeTask(cpu, config as VaeTrainConfig);
    const result = await train(task, run, cpu);
    await result.dispose();
    await task.dispose();
    const printed: string[] = [];
    await runShip([run.path, "--as", "tiny", "--what", "a test", "--out", folder], (line) => {
      printed.push(line);
    });
    const path = `${folder}/autoencoders/tiny.safetensors`;
    const { card, scaling, options } = await loadAutoencoder(path);
    assertEquals([card!.what, card!.step, options], ["a test", 6, tiny]);
    assertEquals(card!.reconstruction.map(({ size }) => size), [64, 32]);

    // The scaling does what it is for, on the images that were learned from.
    const codec = await openCodec(path);
    const pixels = Float32Array.from(task.dataset.images, (value) => value / 127.5 - 1);
    const latents = await codec.encode(pixels, [16, 16, 3]);
    const average = latents.reduce((sum, value) => sum + value, 0) / latents.length;
    const square = latents.reduce((sum, value) => sum + value ** 2, 0) / latents.length;
    assertAllClose([average, square], [0, 1], 0.25);
    assert(scaling.scale > 0);
    const { errors, psnr } = await reconstruct(codec, pixels, [16, 16, 3]);
    assertAllClose([psnr], [errors.map(psnrOf).reduce((a, b) => a + b) / errors.length], 1e-6);
    await codec.dispose();
    assert(printed.some((line) => line.includes("PSNR")), printed.join("\n"));
    const page = await Deno.readTextFile(`${folder}/autoencoders/README.md`);
    assertMatch(page, /\| `tiny` +\| 64 +\| 512 +\| \d+\.\d\d dB/);
  }));

Deno.test("training starts from the weights of a file, and only from those of the same network", () =>
  withFolder(async (folder) => {
    const model = vae(tiny), weights = initialise(model.params, createRandom(9));
    const file = `${folder}/start.safetensors`;
    const content = { options: model.options, scaling: { shift: [0, 0], scale: 1 }, card: null };
    await Deno.writeFile(file, encodeAutoencoder({ ...content, weights }));
    const started = (changes: object) =>
      createVaeTask(
        cpu,
        { ...config, model: { kind: "vae", ...tiny, start: file, ...changes } },
        images,
      );
    const task = await started({});
    await task.dispose();
    for (const [name, { data }] of Object.entries(weights)) {
      assertAllClose(task.params[name]!.data, data, 5e-4, name);
    }
    await assertRejects(
      () => started({ width: 16 }),
      "Cannot start vae (width 16, 2 latent channels) from",
    );
  }));

Deno.test("an unfinished run of an autoencoder is not shipped", () =>
  withFolder(async (folder) => {
    const stop = new AbortController();
    const { run } = await trained(folder, {
      stop: stop.signal,
      watch: { onStep: ({ step }) => step === 2 && stop.abort() },
    });
    await assertRejects(
      () => runShip([run.path, "--as", "tiny", "--out", folder]),
      "is at step 2 of 6: finish it first",
    );
  }));
