import * as tf from "@tensorflow/tfjs-core";
import { createRandom } from "../../../random.ts";
import { float32, type HostTensor, int32 } from "../../../tensors.ts";
import type { Output } from "../../exercise.ts";

export { normal } from "../normal.ts";

/** Random classes 0 … classes − 1, always the same for a seed. */
export function someLabels(count: number, classes: number, seed: number): number[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => random.integer(classes));
}

/** Labels as a tensor, int32 `[B]`. */
export function labelTensor(labels: readonly number[]): HostTensor {
  return int32([labels.length], labels);
}

/** What a function of the library answers, with tensors in and out as plain values. */
export function answer(
  fn: (...args: tf.Tensor[]) => tf.Tensor,
  ...args: readonly HostTensor[]
): HostTensor {
  const result = tf.tidy(() =>
    fn(...args.map(({ data, shape, dtype }) => tf.tensor(data.slice(), [...shape], dtype)))
  );
  const numbers = new Float32Array(result.dataSync());
  result.dispose();
  return float32(result.shape, numbers);
}

/** A returned list of numbers; undefined for anything else. */
export function listOf(output: Output | undefined): number[] | undefined {
  const list = Array.isArray(output) ? output : undefined;
  return list?.every((item) => typeof item === "number") ? list as number[] : undefined;
}
