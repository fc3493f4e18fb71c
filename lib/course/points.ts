import * as tf from "@tensorflow/tfjs-core";
import { normals, type Random } from "../random.ts";
import { float32, type HostTensor } from "../tensors.ts";

/** Shapes in the plane that are drawn with points: about as large as a standard normal cloud. */
export const SHAPES = {
  /** Two half circles that reach into each other. */
  moons(random: Random): Point {
    const angle = Math.PI * random.uniform(), upper = random.uniform() < 0.5;
    return upper
      ? [1.2 * Math.cos(angle) - 0.6, 1.2 * Math.sin(angle) - 0.3]
      : [0.6 - 1.2 * Math.cos(angle), 0.3 - 1.2 * Math.sin(angle)];
  },
  ring(random: Random): Point {
    const angle = 2 * Math.PI * random.uniform();
    return [1.5 * Math.cos(angle), 1.5 * Math.sin(angle)];
  },
  spiral(random: Random): Point {
    // The root spreads the points evenly along the arm.
    const turn = Math.sqrt(random.uniform()), angle = 3.5 * Math.PI * turn;
    return [1.9 * turn * Math.cos(angle), 1.9 * turn * Math.sin(angle)];
  },
} satisfies Record<string, (random: Random) => Point>;

/** A place in the plane. */
export type Point = [x: number, y: number];

/** Name of one of {@linkcode SHAPES}. */
export type Shape = keyof typeof SHAPES;

/** Random points of a shape, each moved a little, `[count, 2]`. */
export function drawPoints(
  shape: Shape,
  count: number,
  random: Random,
  { jitter = JITTER }: { jitter?: number } = {},
): HostTensor {
  const draw = SHAPES[shape];
  if (!draw) {
    throw new RangeError(
      `There is no shape "${shape}": choose one of ${Object.keys(SHAPES).join(", ")}`,
    );
  }
  const data = new Float32Array(2 * count);
  for (let i = 0; i < count; i++) {
    data.set(draw(random).map((value) => value + jitter * random.normal()), 2 * i);
  }
  return float32([count, 2], data);
}

/** Standard normal points, `[count, 2]`: the noise that belongs to such shapes. */
export function noisePoints(count: number, random: Random): HostTensor {
  return float32([count, 2], normals(random, 2 * count));
}

/** Points `[N, 2]` as a tensor, for functions of tensors. */
export function pointsTensor({ data, shape }: HostTensor): tf.Tensor2D {
  return tf.tensor2d(Float32Array.from(data), [shape[0]!, 2]);
}

/** Points `[N, 2]` as a list, as figures take them. */
export function listPoints(points: HostTensor | tf.Tensor): Point[] {
  const data = "dataSync" in points ? points.dataSync() : points.data;
  return Array.from({ length: data.length / 2 }, (_, i) => [data[2 * i]!, data[2 * i + 1]!]);
}

/** A square grid of points around the middle, `side` × `side` of them, `[N, 2]`: where a field is looked at. */
export function gridPoints(side: number, reach: number): HostTensor {
  const place = (i: number) => reach * (2 * i / (side - 1) - 1);
  const data = Array.from(
    { length: side * side },
    (_, i) => [place(i % side), place(Math.floor(i / side))],
  );
  return float32([side * side, 2], data.flat());
}

/** Points and the velocities there, both `[N, 2]`, as the arrows of a figure. */
export function arrowsAt(
  points: HostTensor | tf.Tensor,
  velocities: HostTensor | tf.Tensor,
): [...Point, ...Point][] {
  const ways = listPoints(velocities);
  return listPoints(points).map((point, i) => [...point, ...ways[i]!]);
}

/** How far points are moved from their shape, a standard deviation. */
export const JITTER = 0.06;

/**
 * The exact velocity field of a shape: at x `[B, 2]` and t `[B]`, the mean of x1 − x0 over all straight paths from
 * data to noise that pass there, `[B, 2]`. The data are normally distributed, with deviation s, around centres
 * cᵢ `[N, 2]` on the shape.
 *
 *     v(x, t) = Σ wᵢ · (E[x1 | x, i] − E[x0 | x, i]),   wᵢ ∝ exp(−‖dᵢ‖² / (2 q)),   Σ wᵢ = 1
 *     dᵢ = x − (1 − t) · cᵢ,   q = t² + (1 − t)² s²,   E[x1 | x, i] = t dᵢ / q,   E[x0 | x, i] = cᵢ + (1 − t) s² dᵢ / q
 */
export function exactVelocity(
  centres: HostTensor | tf.Tensor,
  x: tf.Tensor,
  t: tf.Tensor,
  { jitter = JITTER }: { jitter?: number } = {},
): tf.Tensor {
  const places = listPoints(centres), levels = t.dataSync();
  const velocities = listPoints(x).map(([x, y], b) => {
    const level = levels[b]!, rest = 1 - level;
    const q = level ** 2 + (rest * jitter) ** 2;
    const ways = places.map(([u, v]) => [x - rest * u, y - rest * v] as const);
    const logarithms = ways.map(([dx, dy]) => -(dx ** 2 + dy ** 2) / (2 * q));
    // The greatest is taken off first: far away all weights would be 0.
    const most = logarithms.reduce((most, value) => Math.max(most, value), -Infinity);
    let sum = 0, across = 0, up = 0;
    const pull = (level - rest * jitter ** 2) / q;
    places.forEach(([u, v], i) => {
      const weight = Math.exp(logarithms[i]! - most), [dx, dy] = ways[i]!;
      sum += weight;
      across += weight * (pull * dx - u);
      up += weight * (pull * dy - v);
    });
    return [across / sum, up / sum];
  });
  return tf.tensor2d(velocities, [velocities.length, 2]);
}

/**
 * How well drawn points cover real ones, both `[N, 2]`, in units of the plane: `stray` is the mean distance from a
 * drawn point to the nearest real one (are they in the right places?), `missed` that from a real point to the
 * nearest drawn one (is every place reached?).
 */
export function comparePoints(
  drawn: HostTensor | tf.Tensor,
  real: HostTensor | tf.Tensor,
): { stray: number; missed: number } {
  return { stray: meanNearest(drawn, real), missed: meanNearest(real, drawn) };
}

/** Mean distance from each point of one set to the nearest of another. */
function meanNearest(from: HostTensor | tf.Tensor, to: HostTensor | tf.Tensor): number {
  const targets = listPoints(to);
  const distances = listPoints(from).map(([x, y]) => {
    let least = Infinity;
    for (const [u, v] of targets) least = Math.min(least, (x - u) ** 2 + (y - v) ** 2);
    return Math.sqrt(least);
  });
  return distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
}
