import {
  assert,
  assertAllClose,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
} from "@std/assert";
import {
  type Sampler,
  SAMPLERS,
  solve,
  timeGrid,
  type VelocityField,
} from "../../../lib/flow/mod.ts";
import { createRandom, normals } from "../../../lib/random.ts";

const samplers = Object.keys(SAMPLERS) as Sampler[];
const ORDER: Record<Sampler, number> = { euler: 1, heun: 2, rk4: 4 };

for (const sampler of samplers) {
  Deno.test(`${sampler} follows a constant velocity from noise to data exactly`, async () => {
    const data = Float32Array.of(1, -2, 0.5), noise = Float32Array.of(0, 4, 3);
    const field: VelocityField = () => noise.map((value, i) => value - data[i]!);
    for (const grid of [1, 7, [1, 0.9, 0.2, 0]]) {
      assertAllClose(await solve(field, noise, { sampler, grid }), data, 1e-5);
    }
  });

  Deno.test(`${sampler} follows a constant velocity over part of the way`, async () => {
    const x = await solve(() => [2], Float32Array.of(5), { sampler, grid: [0.75, 0.25] });
    assertAlmostEquals(x[0]!, 4, 1e-6);
  });

  Deno.test(`${sampler} converges to an exponential with order ${ORDER[sampler]}`, async () => {
    // dx/dt = 2x from x(1) = 1 ends at x(0) = e^(−2).
    const field: VelocityField = (x) => x.map((value) => 2 * value);
    const order = await measuredOrder(field, Math.exp(-2), sampler);
    assertAlmostEquals(order, ORDER[sampler], 0.25);
  });

  Deno.test(`${sampler} converges with its order where the velocity changes with x and t`, async () => {
    // dx/dt = −2t · x from x(1) = 1 ends at x(0) = e.
    const field: VelocityField = (x, t) => x.map((value) => -2 * t * value);
    const order = await measuredOrder(field, Math.E, sampler);
    assertAlmostEquals(order, ORDER[sampler], 0.25);
  });

  Deno.test(`${sampler} asks the field once per stage and never beyond the grid`, async () => {
    const asked: number[] = [];
    await solve((x, t) => (asked.push(t), x), Float32Array.of(1), { sampler, grid: 3 });
    assertEquals(asked.length, 3 * SAMPLERS[sampler].length);
    assert(asked.every((t) => t >= 0 && t <= 1));
    assertEquals(asked[0], 1);
    if (sampler !== "euler") assertEquals(asked.at(-1), 0);
  });

  Deno.test(`${sampler} carries Gaussian noise to the Gaussian of the data`, async () => {
    const [mean, deviation] = [0.7, 0.3];
    const noise = normals(createRandom(1), 20_000);
    const grid = timeGrid(sampler === "euler" ? 400 : 60);
    const x = await solve(gaussianVelocity(mean, deviation), noise, { sampler, grid });
    const moments = (values: Float32Array) => {
      const m = values.reduce((sum, value) => sum + value, 0) / values.length;
      const v = values.reduce((sum, value) => sum + (value - m) ** 2, 0) / values.length;
      return [m, Math.sqrt(v)] as const;
    };
    // The exact flow maps noise z to mean + deviation · z, so the sample's own moments are known.
    const [noiseMean, noiseDeviation] = moments(noise);
    const [sampleMean, sampleDeviation] = moments(x);
    assertAlmostEquals(sampleMean, mean + deviation * noiseMean, 0.003);
    assertAlmostEquals(sampleDeviation, deviation * noiseDeviation, 0.003);
    assertAlmostEquals(x[17]!, mean + deviation * noise[17]!, 0.01);
  });
}

Deno.test("Heun and RK4 integrate polynomials in t of degree 1 and 3 exactly", async () => {
  const run = (sampler: Sampler, field: (t: number) => number) =>
    solve((_, t) => [field(t)], Float32Array.of(1), { sampler, grid: [1, 0.6, 0] });
  // ∫ from 1 to 0 of 2t is −1, of 3t² is −1, of 4t³ is −1.
  assertAlmostEquals((await run("heun", (t) => 2 * t))[0]!, 0, 1e-6);
  assertAlmostEquals((await run("rk4", (t) => 3 * t * t))[0]!, 0, 1e-6);
  assertAlmostEquals((await run("rk4", (t) => 4 * t ** 3))[0]!, 0, 1e-6);
});

Deno.test("Euler and Heun converge to 3t² with orders 1 and 2", async () => {
  const field: VelocityField = (_, t) => [3 * t * t];
  assertAlmostEquals(await measuredOrder(field, 0, "euler"), 1, 0.1);
  assertAlmostEquals(await measuredOrder(field, 0, "heun"), 2, 0.1);
});

Deno.test("`solve()` leaves the noise alone and bears a field that reuses its array", async () => {
  const reused = new Float32Array(2);
  const field: VelocityField = (x) => {
    x.forEach((value, i) => reused[i] = 2 * value);
    return Promise.resolve(reused);
  };
  for (const sampler of samplers) {
    const noise = Float32Array.of(1, -1);
    const x = await solve(field, noise, { sampler, grid: 8 });
    const fresh = await solve((x) => x.map((value) => 2 * value), noise, { sampler, grid: 8 });
    assertEquals(x, fresh);
    assertEquals(noise, Float32Array.of(1, -1));
  }
});

Deno.test("`onStep` sees every level that was reached", async () => {
  const seen: [number, number, number, number][] = [];
  await solve(() => [1], Float32Array.of(1), {
    grid: [1, 0.5, 0],
    onStep: ({ step, steps, t, x }) => seen.push([step, steps, t, x[0]!]),
  });
  assertEquals(seen, [[1, 2, 0.5, 0.5], [2, 2, 0, 0]]);
});

Deno.test("`solve()` stops when it is told to", async () => {
  const controller = new AbortController();
  let steps = 0;
  const run = () =>
    solve(() => [1], Float32Array.of(1), {
      signal: controller.signal,
      onStep: () => ++steps === 3 && controller.abort(new Error("enough")),
    });
  await assertRejects(run, "enough");
  assertEquals(steps, 3);
});

Deno.test("`solve()` refuses unknown samplers, bad grids and fields of another size", async () => {
  const x = Float32Array.of(1, 2);
  const cases: [Parameters<typeof solve>[2] & object, string][] = [
    [{ sampler: "ddim" as Sampler }, 'Unknown sampler "ddim": choose one of euler, heun, rk4'],
    [{ grid: [0, 1] }, "must fall"],
    [{ grid: 0 }, "Cannot sample in 0 steps"],
  ];
  for (const [options, message] of cases) {
    await assertRejects(() => solve((x) => x, x, options), message);
  }
  await assertRejects(() => solve(() => [1], x), "returned 1 values for 2 points");
});

/** log₂ of how much smaller the error gets when the step is halved. */
async function measuredOrder(
  field: VelocityField,
  exact: number,
  sampler: Sampler,
): Promise<number> {
  // RK4's error soon drowns in the rounding of float32: few steps there.
  const steps = sampler === "rk4" ? 5 : 40;
  const error = async (grid: number) => {
    const [end] = await solve(field, Float32Array.of(1), { sampler, grid });
    return Math.abs(end! - exact);
  };
  return Math.log2(await error(steps) / await error(2 * steps));
}

/**
 * The velocity E[x1 − x0 | x_t = x] for data x0 ~ N(mean, deviation²) and noise x1 ~ N(0, 1).
 * All three are jointly Gaussian: its mean is −mean, and it changes with x by cov(x1 − x0, x_t) / var(x_t).
 */
function gaussianVelocity(mean: number, deviation: number): VelocityField {
  return (x, t) => {
    const variance = (1 - t) ** 2 * deviation ** 2 + t ** 2;
    const covariance = t - (1 - t) * deviation ** 2;
    return x.map((value) => -mean + covariance / variance * (value - (1 - t) * mean));
  };
}

Deno.test("with `eulerLast` no velocity is asked for at t = 0, and the last step lands on the predicted data", async () => {
  // The data is 2 everywhere: v = (x − 2) / t, which does not exist at t = 0.
  const levels: number[] = [];
  const field = (x: Float32Array, t: number) => {
    levels.push(t);
    return x.map((value) => (value - 2) / t);
  };
  const x = await solve(field, Float32Array.of(-1, 0.5), {
    sampler: "heun",
    grid: 4,
    eulerLast: true,
  });
  assertAllClose(x, [2, 2], 1e-6);
  assert(levels.every((t) => t > 0));
});
