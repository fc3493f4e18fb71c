import { checkGrid, timeGrid } from "./grid.ts";
import { type Sampler, type Stage, stagesOf } from "./samplers.ts";

/** The velocity at every point x at noise level t; may be slow, may reuse the array that it returns. */
export type VelocityField = (
  x: Float32Array<ArrayBuffer>,
  t: number,
) => ArrayLike<number> | Promise<ArrayLike<number>>;

/** Where a sampling run stands after a step. */
export interface SolveStep {
  /** Steps done, 1 … steps. */
  step: number;
  steps: number;
  /** The noise level reached. */
  t: number;
  /** The points there. */
  x: Float32Array<ArrayBuffer>;
}

/** Options of {@linkcode solve}. */
export interface SolveOptions {
  /** Euler by default. */
  sampler?: Sampler;
  /** Falling noise levels, or a number of even steps from 1 to 0; 50 by default. */
  grid?: readonly number[] | number;
  /**
   * Takes the last step by Euler whatever the sampler (Karras et al. 2022, algorithm 1): the velocity that
   * belongs to a prediction of the data is not defined at t = 0, and Euler's step lands on that prediction.
   */
  eulerLast?: boolean;
  /** Called after every step. */
  onStep?: (step: SolveStep) => void;
  /** Stops between two evaluations of the field. */
  signal?: AbortSignal;
}

/**
 * Follows a velocity field along the grid: from noise x at the first level to data at the last.
 * Returns new points; throws the signal's reason if it is aborted.
 */
export async function solve(
  field: VelocityField,
  x: Float32Array<ArrayBuffer>,
  options: SolveOptions = {},
): Promise<Float32Array<ArrayBuffer>> {
  const { sampler = "euler", grid = 50, eulerLast = false, onStep, signal } = options;
  const stages = stagesOf(sampler);
  const levels = typeof grid === "number" ? timeGrid(grid) : grid;
  checkGrid(levels);
  const steps = levels.length - 1;
  for (let i = 0; i < steps; i++) {
    const here = eulerLast && i === steps - 1 ? stagesOf("euler") : stages;
    x = await takeStep(field, x, levels[i]!, levels[i + 1]!, here, signal);
    onStep?.({ step: i + 1, steps, t: levels[i + 1]!, x });
  }
  return x;
}

async function takeStep(
  field: VelocityField,
  x: Float32Array<ArrayBuffer>,
  from: number,
  to: number,
  stages: readonly Stage[],
  signal: AbortSignal | undefined,
): Promise<Float32Array<ArrayBuffer>> {
  const dt = to - from;
  const sum = new Float64Array(x.length);
  let v: ArrayLike<number> = sum;
  for (const { at, weight } of stages) {
    signal?.throwIfAborted();
    // The stage before the first is none: `at` is 0 there.
    const point = follow(x, v, at * dt);
    v = await field(point, at === 1 ? to : from + at * dt);
    checkVelocity(v, x.length);
    for (let j = 0; j < sum.length; j++) sum[j]! += weight * v[j]!;
  }
  return follow(x, sum, dt);
}

/** x + dt · v, as new points. */
function follow(
  x: Float32Array<ArrayBuffer>,
  v: ArrayLike<number>,
  dt: number,
): Float32Array<ArrayBuffer> {
  return x.map((value, j) => value + dt * v[j]!);
}

function checkVelocity(v: ArrayLike<number>, count: number): void {
  if (v.length !== count) {
    throw new RangeError(`Velocity field returned ${v.length} values for ${count} points`);
  }
}
