import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { batchOf, loadDataset } from "@course/data/mod.ts";
import {
  compareCorruption,
  corruptsDifferently,
  measureCorruption,
  openComparison,
  runPathOf,
  runSeeds,
  saveCorruption,
  writeComparison,
} from "@course/evaluation/compare/mod.ts";
import { comparisonTable } from "@course/evaluation/compare/table.ts";
import { flowErrors, sampleNoiseLevels } from "@course/flow/mod.ts";
import { forkRandom, normals } from "@course/random.ts";
import { loadNewestCheckpoint } from "@course/training/checkpoint.ts";
import { extendConfig, type TrainConfig } from "@course/training/config.ts";
import { modelOf, weightsOf } from "@course/training/trained_model.ts";
import smoke from "../../../configs/smoke.ts";
import { cpu, withFolder } from "../../training/fixtures.ts";

const a: TrainConfig = extendConfig(smoke, {
  name: "one-level",
  data: { size: 40 },
  model: { kind: "dit", width: 16, depth: 2, heads: 2, patch: 7 },
  objective: { noiseLevels: "uniform", shift: 1, prediction: "velocity" },
  steps: 6,
  batchSize: 4,
  every: { log: 1, heldout: 6, samples: -1, checkpoint: 6 },
  heldout: { images: 16, bins: 2 },
});
const b = extendConfig(a, {
  name: "per-token",
  objective: { selfFlow: { kind: "lite", levels: 2, maskShare: 0.5 } },
});
const plan = { names: { a: "one-level", b: "per-token" }, configs: { a, b }, seeds: [0, 1] };

Deno.test("every run is measured on what both recipes train on, and only equal corruption has a winner", () =>
  withFolder(async (root) => {
    const folder = await openComparison(`${root}/comparison`, plan);
    await runSeeds(folder, cpu);
    const measured = await measureCorruption(folder, cpu, [0, 1], { examples: 12 });
    assertEquals([measured.seeds, measured.examples], [[0, 1], 12]);

    // The loss of a run where A's corruption is used, once more, one example at a time in plain tfjs.
    const again = await losses(runPathOf(folder, "b", 1), 12);
    assertAlmostEquals(measured.losses.a.b[1]!, again, 1e-4);
    // What half of the tokens hide is hard to tell: the same weights have another loss there.
    assert(Math.abs(measured.losses.b.b[1]! - again) > 1e-3, "the ruler matters");

    const { same, own } = compareCorruption(measured);
    assertEquals(own.a.values, measured.losses.a.a);
    assertEquals(own.b.values, measured.losses.b.b);
    assertEquals(same.b.a.values, measured.losses.b.a);
    assertEquals([own.better, own.winner], [null, null]);

    assertEquals((await writeComparison(folder)).corruption, null);
    await saveCorruption(folder, measured);
    const comparison = await writeComparison(folder);
    assertEquals(comparison.corruption, compareCorruption(measured));
    assertStringIncludes(comparisonTable(comparison), "both corrupted as B trains");
    await saveCorruption(folder, { ...measured, seeds: [0, 2] });
    assertEquals((await writeComparison(folder)).corruption, null, "of other seeds");
  }));

Deno.test("recipes that draw noise levels alike need no second ruler", () => {
  const pair = (other: TrainConfig) => ({ plan: { ...plan, configs: { a, b: other } } });
  assert(corruptsDifferently(pair(b)));
  assert(corruptsDifferently(pair(extendConfig(a, { objective: { shift: 2 } }))));
  assert(!corruptsDifferently(pair(extendConfig(a, { steps: 7 }))));
  const unet = extendConfig(a, { model: { kind: "unet" } });
  assert(!corruptsDifferently({ plan: { ...plan, configs: { a: unet, b } } }), "without tokens");
});

/** The mean velocity loss of the run's averaged weights with one uniform noise level per image. */
async function losses(path: string, count: number): Promise<number> {
  const checkpoint = (await loadNewestCheckpoint(`${path}/checkpoints`))!;
  const model = modelOf(a, checkpoint), weights = weightsOf(checkpoint, "ema");
  const aside = await loadDataset(a.data.name, { split: "heldout", size: 16, seed: a.data.seed });
  const { images, labels } = batchOf(aside, Array.from({ length: count }, (_, i) => i));
  const x1 = normals(forkRandom(0, "noise of corruptions"), images.length);
  const t = sampleNoiseLevels(count, forkRandom(0, "noise levels"), {
    distribution: { kind: "uniform" },
  });
  await tf.setBackend("cpu");
  return tf.tidy(() => {
    const params = Object.fromEntries(
      Object.entries(weights).map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape])]),
    );
    const shape = [count, ...aside.shape];
    const errors = flowErrors(model)(params, {
      x0: tf.tensor(images, shape),
      x1: tf.tensor(x1, shape),
      t: tf.tensor(t),
      label: tf.tensor(Int32Array.from(labels), [count], "int32"),
    });
    return tf.mean(errors).dataSync()[0]!;
  });
}
