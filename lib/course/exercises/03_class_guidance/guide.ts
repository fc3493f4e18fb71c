import * as tf from "@tensorflow/tfjs-core";
import { guide } from "../../../flow/mod.ts";
import { float32, type HostTensor } from "../../../tensors.ts";
import type { Exercise, Output } from "../../exercise.ts";
import { answer, normal } from "./values.ts";

const square = [normal([4, 4], 11), normal([4, 4], 12)] as const;
const pictures = [normal([3, 5, 4, 1], 13), normal([3, 5, 4, 1], 14)] as const;
const scales = float32([4], [0, 1, 2.5, 7]);

/** Exercise 3.2. */
export const guideExercise: Exercise = {
  id: "3.2",
  name: "guide",
  title: "Guidance",
  difficulty: 2,
  importance: 5,
  minutes: 6,
  hints: [
    "Read the formula as a walk: start at the unconditional velocity and go `scale` times the way to the conditional one.",
    "The scale is [B], the velocities are [B, …]. tfjs lines shapes up from the right, so give the scale ones on " +
    "the right first: [B, 1, …, 1].",
    "`tf.reshape(scale, [batch, ...rest.map(() => 1)])` does that for velocities of any shape.",
  ],
  checks: [
    {
      name: "scale 2, calculated by hand",
      // [1, 2] + 2 · ([3, 0] − [1, 2]) = [5, −2]
      args: [float32([1, 2], [3, 0]), float32([1, 2], [1, 2]), float32([1], [2])],
      expected: () => float32([1, 2], [5, -2]),
    },
    {
      name: "scale 1 is the conditional velocity",
      args: [...square, float32([4], [1, 1, 1, 1])],
      expected: () => square[0],
    },
    {
      name: "scale 0 is the unconditional velocity",
      args: [...square, float32([4], [0, 0, 0, 0])],
      expected: () => square[1],
    },
    {
      name: "each example has its own scale: [4, 4] with scales 0, 1, 2.5, 7",
      args: [...square, scales],
      expected: () => answer(guide, ...square, scales),
      draw: "matrix",
    },
    {
      name: "pictures [B, H, W, C]",
      args: [...pictures, float32([3], [1.5, 3, 0.5])],
      expected: () => answer(guide, ...pictures, float32([3], [1.5, 3, 0.5])),
    },
    {
      name: "from scale 1 to 2 it is as far as from 2 to 3",
      calls: [1, 2, 3].map((scale) => [...square, float32([4], new Array(4).fill(scale))]),
      judge: (outputs) => areEvenlySpaced(outputs),
    },
  ],
  bugs: [
    {
      name: "swapped",
      says:
        "The two velocities look swapped: scale 0 must give the unconditional one, scale 1 the conditional one.",
      wrong: (c: tf.Tensor, u: tf.Tensor, scale: tf.Tensor) =>
        tf.add(c, tf.mul(perExample(scale, c), tf.sub(u, c))),
    },
    {
      name: "starts at the conditional velocity",
      says:
        "This starts at the conditional velocity, as the original paper writes it: there 0 is no guidance. " +
        "Here the way starts at the unconditional one, and 1 is no guidance.",
      wrong: (c: tf.Tensor, u: tf.Tensor, scale: tf.Tensor) =>
        tf.add(c, tf.mul(perExample(scale, c), tf.sub(c, u))),
    },
    {
      name: "flipped difference",
      says: "The difference looks flipped: this goes away from the label instead of towards it.",
      wrong: (c: tf.Tensor, u: tf.Tensor, scale: tf.Tensor) =>
        tf.add(u, tf.mul(perExample(scale, c), tf.sub(u, c))),
    },
    {
      name: "the difference alone",
      says: "Only the exaggerated difference is returned: add it to the unconditional velocity.",
      wrong: (c: tf.Tensor, u: tf.Tensor, scale: tf.Tensor) =>
        tf.mul(perExample(scale, c), tf.sub(c, u)),
    },
    {
      name: "one scale per column",
      says:
        "The scales run along the wrong axis: every example (row) has its own scale, not every column. " +
        "Reshape the scale to [B, 1, …, 1].",
      wrong: (c: tf.Tensor, u: tf.Tensor, scale: tf.Tensor) =>
        tf.add(u, tf.mul(scale, tf.sub(c, u))),
    },
    {
      name: "one scale for all",
      says: "All examples got the same scale. `scale` holds one for each of them, [B].",
      wrong: (c: tf.Tensor, u: tf.Tensor, scale: tf.Tensor) =>
        tf.add(u, tf.mul(tf.mean(scale), tf.sub(c, u))),
    },
  ],
};

function perExample(scale: tf.Tensor, v: tf.Tensor): tf.Tensor {
  return tf.reshape(scale, [scale.size, ...v.shape.slice(1).map(() => 1)]);
}

function areEvenlySpaced(outputs: readonly Output[]): string | undefined {
  const [one, two, three] = outputs.map((output) => (output as HostTensor).data);
  for (let i = 0; i < one!.length; i++) {
    const first = two![i]! - one![i]!, second = three![i]! - two![i]!;
    if (!(Math.abs(first - second) < 1e-4)) {
      return `from scale 1 to 2 a number grew by ${first.toFixed(3)}, from 2 to 3 by ` +
        `${second.toFixed(3)}: expected the same`;
    }
  }
}
