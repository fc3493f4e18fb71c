import { assertAllClose } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { compileTrainStep } from "@course/engine/mod.ts";
import { adamw } from "@course/training/optimizers.ts";
import { createRandom, normals } from "@course/random.ts";
import { float32 } from "@course/tensors.ts";
import { cpu } from "./fixtures.ts";

const betas = [0.9, 0.99] as const, epsilon = 1e-3, weightDecay = 0.1, learningRate = 0.05;

Deno.test("`adamw()` does what the paper's formulas say, step after step", async () => {
  const start = normals(createRandom(1), 6), target = normals(createRandom(2), 6);
  const step = await compileTrainStep(cpu, {
    // The gradient of this loss is w − target.
    loss: ({ matrix, vector }, { target }) =>
      tf.add(
        tf.sum(tf.div(tf.square(tf.sub(matrix!, target!)), 2)),
        tf.sum(tf.div(tf.square(tf.sub(vector!, tf.reshape(target!, [6]))), 2)),
      ) as tf.Scalar,
    params: { matrix: float32([2, 3], start.slice()), vector: float32([6], start.slice()) },
    batch: { target: { shape: [2, 3], dtype: "float32" } },
    optimizer: adamw({ betas, epsilon, weightDecay }),
  });
  for (let i = 0; i < 5; i++) {
    await step.run({ target: float32([2, 3], target) }, { learningRate });
  }
  const { tensors } = await step.save();
  await step.dispose();
  assertAllClose(tensors["params/matrix"]!.data, reference(start, target, 5, weightDecay), 1e-5);
  // Vectors are not decayed.
  assertAllClose(tensors["params/vector"]!.data, reference(start, target, 5, 0), 1e-5);
});

/** Algorithm 2 of Loshchilov & Hutter 2019, in double precision. */
function reference(start: Float32Array, target: Float32Array, steps: number, decay: number) {
  const w = Float64Array.from(start), m = new Float64Array(6), v = new Float64Array(6);
  for (let t = 1; t <= steps; t++) {
    for (let i = 0; i < 6; i++) {
      const gradient = w[i]! - target[i]!;
      m[i] = betas[0] * m[i]! + (1 - betas[0]) * gradient;
      v[i] = betas[1] * v[i]! + (1 - betas[1]) * gradient ** 2;
      const corrected = m[i]! / (1 - betas[0] ** t), spread = v[i]! / (1 - betas[1] ** t);
      w[i]! -= learningRate * (corrected / (Math.sqrt(spread) + epsilon) + decay * w[i]!);
    }
  }
  return w;
}
