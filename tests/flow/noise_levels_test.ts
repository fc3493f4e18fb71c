import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  noiseLevelDensity,
  type NoiseLevelDistribution,
  type NoiseLevelOptions,
  sampleNoiseLevels,
  shiftNoiseLevel,
} from "../../lib/flow/mod.ts";
import { createRandom } from "../../lib/random.ts";

const logitNormal = (mean: number, deviation: number): NoiseLevelDistribution => {
  return { kind: "logit-normal", mean, deviation };
};

const CASES: [string, NoiseLevelOptions][] = [
  ["uniform", {}],
  ["uniform, shift 3", { shift: 3 }],
  ["logit-normal(0, 1)", { distribution: logitNormal(0, 1) }],
  ["logit-normal(−0.8, 0.8)", { distribution: logitNormal(-0.8, 0.8) }],
  ["logit-normal(0.5, 1.2), shift 0.5", { distribution: logitNormal(0.5, 1.2), shift: 0.5 }],
];

/** ∫ f(t) p(t) dt from 0 to `end`, by the midpoint rule. */
function integral(options: NoiseLevelOptions, f: (t: number) => number, end = 1): number {
  const cells = 20_000;
  let sum = 0;
  for (let i = 0; i < cells; i++) {
    const t = end * (i + 0.5) / cells;
    sum += f(t) * noiseLevelDensity(t, options) * end / cells;
  }
  return sum;
}

for (const [name, options] of CASES) {
  Deno.test(`${name} noise levels have the moments and quantiles of their density`, () => {
    const levels = sampleNoiseLevels(40_000, createRandom(5), options).sort();
    assert(levels[0]! >= 0 && levels.at(-1)! <= 1);
    assertAlmostEquals(integral(options, () => 1), 1, 1e-4);

    const mean = integral(options, (t) => t);
    const variance = integral(options, (t) => (t - mean) ** 2);
    const sampled = levels.reduce((sum, t) => sum + t, 0) / levels.length;
    const spread = levels.reduce((sum, t) => sum + (t - sampled) ** 2, 0) / levels.length;
    assertAlmostEquals(sampled, mean, 0.006);
    assertAlmostEquals(spread, variance, 0.003);

    for (const probability of [0.1, 0.5, 0.9]) {
      const quantile = levels[Math.floor(probability * levels.length)]!;
      assertAlmostEquals(integral(options, () => 1, quantile), probability, 0.01);
    }
  });
}

Deno.test("the median of a logit-normal is the sigmoid of its mean", () => {
  const options = { distribution: logitNormal(-0.8, 0.8) };
  assertAlmostEquals(integral(options, () => 1, 1 / (1 + Math.exp(0.8))), 0.5, 1e-4);
});

Deno.test("`sampleNoiseLevels()` draws the same levels from the same seed", () => {
  const draw = () => sampleNoiseLevels(8, createRandom(3), { distribution: logitNormal(0, 1) });
  assertEquals(draw(), draw());
});

Deno.test("`sampleNoiseLevels()` keeps levels within the clamp", () => {
  const levels = sampleNoiseLevels(1000, createRandom(3), { clamp: [0.25, 0.75] });
  assertEquals(Math.min(...levels), 0.25);
  assertEquals(Math.max(...levels), 0.75);
});

Deno.test("`shiftNoiseLevel()` keeps the ends, moves the middle, and 1 / s undoes s", () => {
  for (const shift of [0.3, 1, 3]) {
    assertEquals([shiftNoiseLevel(0, shift), shiftNoiseLevel(1, shift)], [0, 1]);
    for (const t of [0.1, 0.5, 0.8]) {
      assertAlmostEquals(shiftNoiseLevel(shiftNoiseLevel(t, shift), 1 / shift), t, 1e-12);
    }
  }
  assertEquals(shiftNoiseLevel(0.5, 3), 0.75);
});

Deno.test("noise levels refuse distributions and shifts that make no sense", () => {
  const sample = (options: NoiseLevelOptions) => () => {
    return sampleNoiseLevels(1, createRandom(1), options);
  };
  assertThrows(
    sample({ distribution: { kind: "cosine" } as never }),
    'Unknown noise levels "cosine"',
  );
  assertThrows(sample({ distribution: logitNormal(0, 0) }), "mean 0 and deviation 0");
  assertThrows(sample({ distribution: logitNormal(NaN, 1) }), "mean NaN");
  assertThrows(sample({ shift: 0 }), "Cannot shift noise levels by 0");
});
