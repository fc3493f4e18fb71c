import { timeGrid } from "../../flow/mod.ts";
import { forkRandom, normals } from "../../random.ts";
import { samplingOf } from "../../training/config.ts";
import { exactVelocity } from "./exact_field.ts";
import { mean, meanSquare, median, rowsOf } from "./numbers.ts";
import { spreadPlaces, type Subject, x0Of } from "./subject.ts";

/** Where the sampler ends in a field whose answer is known. */
export interface SamplerEvidence {
  /** Share of runs that end on one of the examples. */
  on_example: number;
  /** Median distance to the nearest example, and between examples: root mean square of the numbers. */
  distance: number;
  between: number;
  /** Noise levels at which the field was read first and last: 1 and nearly 0. */
  from: number;
  to: number;
  runs: number;
  steps: number;
}

const RUNS = 8, POINTS = 64, STEPS = 24;
/** Share of the distance between examples that counts as being on one: a right sampler ends at 10⁻⁹. */
const ON = 0.01;

/**
 * Runs the sampler in the exact field of some of the examples: from any noise it must end on one of them. No model
 * takes part, so what goes wrong here is the direction of time, the grid, or the solver. The field of points forgives
 * much, since near the data every step leads onto one: so it also matters from where to where it is read.
 */
export async function probeSampler(
  { rows, config, solve }: Pick<Subject, "rows" | "config" | "solve">,
): Promise<SamplerEvidence> {
  const points = x0Of(rows, spreadPlaces(rows.size, POINTS)), size = points[0]!.length;
  const { sampler, steps, shift } = samplingOf(config), enough = Math.max(STEPS, steps);
  const noise = normals(forkRandom(0, "noise of the known field"), RUNS * size);
  const levels: number[] = [];
  const ends = await solve(
    (x, t) => {
      levels.push(t);
      const velocity = new Float32Array(x.length);
      // At 0 itself the field is not defined, and just beside it nothing changes.
      rowsOf(x, size).forEach((point, i) =>
        velocity.set(exactVelocity(point, Math.max(t, 1e-3), points), i * size)
      );
      return velocity;
    },
    noise,
    { sampler, grid: timeGrid(enough, { shift }), eulerLast: true },
  );
  const distances = rowsOf(ends, size).map((end) =>
    Math.sqrt(Math.min(...points.map((point) => meanSquare(end, point))))
  );
  const between = betweenExamples(points);
  return {
    on_example: mean(distances.map((distance) => Number(distance < ON * between))),
    distance: median(distances),
    between,
    from: levels[0]!,
    to: levels.at(-1)!,
    runs: RUNS,
    steps: enough,
  };
}

/** Median distance between neighbours in the list. */
export function betweenExamples(points: readonly Float32Array[]): number {
  return median(points.slice(1).map((point, i) => Math.sqrt(meanSquare(point, points[i]!))));
}
