import type { Random } from "../random.ts";

/** How noise levels are spread over [0, 1] in training. */
export type NoiseLevelDistribution =
  | { kind: "uniform" }
  /** t = 1 / (1 + e^(−z)), z normal: more examples in the middle, where there is most to decide (Esser et al. 2024). */
  | { kind: "logit-normal"; mean: number; deviation: number };

/** Options of {@linkcode sampleNoiseLevels} and {@linkcode noiseLevelDensity}. */
export interface NoiseLevelOptions {
  /** Uniform by default. */
  distribution?: NoiseLevelDistribution;
  /** Moves levels towards noise if above 1, see {@linkcode shiftNoiseLevel}; 1 by default. */
  shift?: number;
}

/** Draws `count` noise levels t in [0, 1]; `clamp` keeps them within narrower bounds. */
export function sampleNoiseLevels(
  count: number,
  random: Random,
  options: NoiseLevelOptions & { clamp?: readonly [least: number, most: number] } = {},
): Float32Array<ArrayBuffer> {
  const { distribution = { kind: "uniform" }, shift = 1, clamp = [0, 1] } = options;
  checkDistribution(distribution);
  checkShift(shift);
  return new Float32Array(count).map(() => {
    const t = shiftNoiseLevel(draw(distribution, random), shift);
    return Math.min(Math.max(t, clamp[0]), clamp[1]);
  });
}

/** Probability density of a noise level t in (0, 1), shift included. */
export function noiseLevelDensity(t: number, options: NoiseLevelOptions = {}): number {
  const { distribution = { kind: "uniform" }, shift = 1 } = options;
  checkDistribution(distribution);
  checkShift(shift);
  if (t <= 0 || t >= 1) return 0;
  // Change of variables: what lay at `before` was moved to t, and the space around it stretched.
  const before = shiftNoiseLevel(t, 1 / shift);
  const stretch = shift / (1 + (shift - 1) * before) ** 2;
  return density(before, distribution) / stretch;
}

/**
 * Moves a noise level: t′ = s · t / (1 + (s − 1) · t), which keeps 0 and 1 (Esser et al. 2024).
 * Larger images hold the same noise level further from pure noise, so they need s > 1; 1 / s undoes s.
 */
export function shiftNoiseLevel(t: number, shift: number): number {
  // The same fraction, written so that t = 1 stays exactly 1.
  return shift * t / (shift * t + (1 - t));
}

/** Throws unless the shift is a finite number above 0. */
export function checkShift(shift: number): void {
  if (!(shift > 0) || !Number.isFinite(shift)) {
    throw new RangeError(`Cannot shift noise levels by ${shift}: expected a number above 0`);
  }
}

function draw(distribution: NoiseLevelDistribution, random: Random): number {
  if (distribution.kind === "uniform") return random.uniform();
  return 1 / (1 + Math.exp(-(distribution.mean + distribution.deviation * random.normal())));
}

function density(t: number, distribution: NoiseLevelDistribution): number {
  if (distribution.kind === "uniform") return 1;
  const { mean, deviation } = distribution;
  const z = (Math.log(t / (1 - t)) - mean) / deviation;
  return Math.exp(-z * z / 2) / (deviation * Math.sqrt(2 * Math.PI) * t * (1 - t));
}

function checkDistribution(distribution: NoiseLevelDistribution): void {
  if (distribution.kind === "uniform") return;
  if (distribution.kind !== "logit-normal") {
    const { kind } = distribution as { kind: unknown };
    throw new RangeError(`Unknown noise levels "${kind}": choose one of uniform, logit-normal`);
  }
  const { mean, deviation } = distribution;
  if (!Number.isFinite(mean) || !(deviation > 0) || !Number.isFinite(deviation)) {
    throw new RangeError(
      `Cannot draw logit-normal noise levels with mean ${mean} and deviation ${deviation}: ` +
        "expected finite numbers, deviation above 0",
    );
  }
}
