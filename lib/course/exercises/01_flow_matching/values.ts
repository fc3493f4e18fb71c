import * as tf from "@tensorflow/tfjs-core";
import { type Sampler, solve, type VelocityField } from "../../../flow/mod.ts";
import { float32, type HostTensor } from "../../../tensors.ts";
import type { Callback } from "../../exercise.ts";

export { normal } from "../normal.ts";

/** Noise levels spread over 0 … 1 with both ends, `[count]`, not in order. */
export function levels(count: number): HostTensor {
  return float32(
    [count],
    Array.from({ length: count }, (_, i) => ((i * 11 + 2) % count) / (count - 1)),
  );
}

/** What a function of the library answers, with tensors in and out as plain values. */
export function answer(
  fn: (...args: tf.Tensor[]) => tf.Tensor,
  ...args: readonly HostTensor[]
): HostTensor {
  const result = tf.tidy(() =>
    fn(...args.map(({ data, shape }) => tf.tensor(data, [...shape], "float32")))
  );
  const numbers = new Float32Array(result.dataSync());
  result.dispose();
  return float32(result.shape, numbers);
}

/** The velocity field of a name in `lib/course/callbacks.ts`. */
export function field(callback: string, options: NonNullable<Callback["options"]>): Callback {
  return { callback, options };
}

/** What "turningField" is, for {@linkcode step}: v = rate · (−y, x). */
export function turning(rate: number): VelocityField {
  return (x) => x.map((_, i) => rate * (i % 2 === 0 ? -x[i + 1]! : x[i - 1]!));
}

/** One step of the library's solver. */
export async function step(
  sampler: Sampler,
  velocity: VelocityField,
  x: HostTensor,
  from: number,
  to: number,
): Promise<HostTensor> {
  const start = new Float32Array(x.data);
  return float32(x.shape, await solve(velocity, start, { sampler, grid: [from, to] }));
}
