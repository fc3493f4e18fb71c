import type { Device } from "../engine/mod.ts";
import type { Prediction, Sampler } from "../flow/mod.ts";
import type { Model } from "../models/mod.ts";
import { forkRandom, normals } from "../random.ts";
import { type HostRecord, sizeOf } from "../tensors.ts";
import { createImageSampler } from "../training/image_sampler.ts";
import type { Evaluation, Evaluator } from "./evaluate.ts";

/** What is swept, and how samples are drawn meanwhile. */
export interface SweepOptions {
  guidances: readonly number[];
  /** Seeds of the noise: every guidance scale is judged once with each. */
  seeds: readonly number[];
  /** Samples for each number, all classes equally often. */
  count: number;
  prediction: Prediction;
  sampler: Sampler;
  steps: number;
  shift?: number;
  /** Noise levels between which guidance is applied; all of them by default. */
  interval?: readonly [from: number, to: number];
  /** Called after each set of samples. */
  onPoint?: (point: SweepPoint) => void;
}

/** Samples of one guidance scale and one seed, judged. */
export interface SweepPoint {
  guidance: number;
  seed: number;
  evaluation: Evaluation;
}

/** A number with its spread over seeds. */
export interface Spread {
  mean: number;
  /** Standard deviation over the seeds (divided by n − 1); NaN for a single seed. */
  deviation: number;
}

/** Draws and judges samples at several guidance scales; the same seed means the same noise at every scale. */
export async function sweepGuidance(
  device: Device,
  evaluator: Evaluator,
  { model, weights }: { model: Model; weights: HostRecord },
  options: SweepOptions,
): Promise<SweepPoint[]> {
  const { guidances, seeds, count, prediction, onPoint, ...request } = options;
  const labels = Array.from({ length: count }, (_, i) => i % model.classes);
  const drawing = createImageSampler(device, model, { count, prediction });
  const points: SweepPoint[] = [];
  try {
    for (const guidance of guidances) {
      for (const seed of seeds) {
        const random = forkRandom(seed, "evaluated samples");
        const noise = normals(random, count * sizeOf(model.imageShape));
        const images = await drawing.draw(weights, { ...request, guidance, noise, labels });
        const point = { guidance, seed, evaluation: await evaluator.evaluate({ images, labels }) };
        points.push(point);
        onPoint?.(point);
      }
    }
  } finally {
    await drawing.dispose();
  }
  return points;
}

/** Mean and spread over the seeds of one number of the evaluations, by guidance scale. */
export function spreadOf(
  points: readonly SweepPoint[],
  read: (evaluation: Evaluation) => number,
): Map<number, Spread> {
  const groups = Map.groupBy(points, ({ guidance }) => guidance);
  return new Map([...groups].map(([guidance, group]) => {
    const values = group.map(({ evaluation }) => read(evaluation));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return [guidance, { mean, deviation: Math.sqrt(squares / (values.length - 1)) }];
  }));
}
