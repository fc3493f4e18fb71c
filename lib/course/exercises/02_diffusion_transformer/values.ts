import * as tf from "@tensorflow/tfjs-core";
import { digitAt } from "../../../data/mod.ts";
import { float32, type HostTensor, sizeOf } from "../../../tensors.ts";

export { normal } from "../normal.ts";

/** 0, 1, 2, … in a shape: every number tells where it came from. */
export function numbered(shape: readonly number[]): HostTensor {
  return float32(shape, Array.from({ length: sizeOf(shape) }, (_, i) => i));
}

/** Generated digits in [−1, 1], `[count, 28, 28, 1]`. */
export function someDigits(count: number, start = 0): HostTensor {
  const images = Array.from({ length: count }, (_, i) => digitAt(start + i).image);
  const pixels = Float32Array.from(images.flatMap((image) => [...image]), (v) => v / 127.5 - 1);
  return float32([count, 28, 28, 1], pixels);
}

/** What a function of the library answers, with tensors in and out as plain values. */
export function answer(
  fn: (...args: tf.Tensor[]) => tf.Tensor,
  ...args: readonly HostTensor[]
): HostTensor {
  tf.engine().startScope();
  try {
    const result = fn(...args.map(({ data, shape }) => tf.tensor(data, [...shape], "float32")));
    return float32(result.shape, new Float32Array(result.dataSync()));
  } finally {
    tf.engine().endScope();
  }
}

/** A tensor with its tokens (axis 1 of `[B, N, D]`) in another order. */
export function reordered({ data, shape }: HostTensor, order: readonly number[]): HostTensor {
  const [batch, tokens, width] = shape as [number, number, number];
  const moved = new Float32Array(data.length);
  for (let b = 0; b < batch; b++) {
    order.forEach((from, to) => {
      const start = (b * tokens + from) * width;
      moved.set(data.subarray(start, start + width), (b * tokens + to) * width);
    });
  }
  return float32(shape, moved);
}

/** Greatest difference of two tensors of one shape. */
export function greatestDifference(a: HostTensor, b: HostTensor): number {
  const difference = (value: number, i: number) => Math.abs(value - b.data[i]!);
  return Math.max(...Array.from(a.data, difference));
}

/** The patches of images, picked out number by number: `[B, H, W, C]` → `[B, N, patch · patch · C]`. */
export function pickPatches({ data, shape }: HostTensor, patch: number): HostTensor {
  const [batch, height, width, channels] = shape as [number, number, number, number];
  const picked: number[] = [];
  for (let b = 0; b < batch; b++) {
    for (let top = 0; top < height; top += patch) {
      for (let left = 0; left < width; left += patch) {
        for (let y = top; y < top + patch; y++) {
          const start = ((b * height + y) * width + left) * channels;
          picked.push(...data.subarray(start, start + patch * channels));
        }
      }
    }
  }
  return float32([batch, height * width / patch ** 2, patch ** 2 * channels], picked);
}
