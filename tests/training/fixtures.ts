import * as tf from "@tensorflow/tfjs-core";
import { openDevice } from "@course/engine/mod.ts";
import { extendConfig, type TrainConfig } from "@course/training/config.ts";
import { createRun, type RunFolder } from "@course/training/run_folder.ts";
import type { Provenance } from "@course/training/provenance.ts";
import type { TrainTask } from "@course/training/task.ts";
import { createRandom, normals } from "@course/random.ts";
import { float32 } from "@course/tensors.ts";
import smoke from "../../configs/smoke.ts";

/** Runs a test with a folder of its own, which is removed afterwards. */
export async function withFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.chmod(folder, 0o700);
    await Deno.remove(folder, { recursive: true });
  }
}

export const provenance: Provenance = {
  started: "2025-01-31T17:45:00.000Z",
  command: "deno task train",
  versions: { deno: "2", typescript: "5", tfjs: "4", engine: "a test" },
  commit: null,
  code: "0123",
  data: "line",
  machine: "a test",
};

/** Ten steps, a checkpoint after every second one. */
export const tenSteps: TrainConfig = extendConfig(smoke, {
  name: "line",
  steps: 10,
  batchSize: 4,
  optimizer: { lr: 0.1 },
  every: { log: 3, heldout: 4, samples: -1, checkpoint: 2 },
});

export const cpu = await openDevice("cpu");

export async function newRun(folder: string, config: TrainConfig = tenSteps): Promise<RunFolder> {
  return await createRun(`${folder}/run`, config, provenance);
}

/** The smallest task: a line through points. `spoil` may change the inputs x of a batch, counted from 0. */
export function lineTask(
  { spoil = (x) => x }: {
    spoil?: (x: Float32Array<ArrayBuffer>, batch: number) => Float32Array<ArrayBuffer>;
  } = {},
): TrainTask {
  let random = createRandom(7), count = 0;
  return {
    facts: { name: "line", imageShape: [1, 1, 1], classes: [] },
    params: { weight: float32([1, 1], [0]), bias: float32([1], [0]) },
    batch: { x: { shape: [4, 1], dtype: "float32" } },
    loss(params, { x }) {
      const predicted = tf.add(
        tf.matMul(x as tf.Tensor2D, params.weight as tf.Tensor2D),
        params.bias!,
      );
      return tf.mean(tf.square(tf.sub(predicted, tf.add(tf.mul(x!, 2), 1))));
    },
    feed: {
      next() {
        const x = spoil(normals(random, 4), count++);
        return {
          tensors: { x: float32([4, 1], x) },
          after: { data: count, generators: { random: random.save() } },
        };
      },
      restore({ data, generators }) {
        count = data as number;
        random = createRandom(generators.random!);
      },
    },
    fingerprint: "line",
    heldout(weights) {
      const weight = weights.weight!;
      if ("data" in weight) return Promise.resolve({ loss: 4, bins: [] });
      return weight.read().then(({ data }) => ({ loss: (data[0]! - 2) ** 2, bins: [] }));
    },
    dispose: () => Promise.resolve(),
  };
}
