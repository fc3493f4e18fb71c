import type { Value } from "../../engine/mod.ts";
import { timeGrid } from "../../flow/mod.ts";
import { sizeOf } from "../../tensors.ts";
import { samplingOf } from "../../training/config.ts";
import { imageNoise } from "../../training/image_sampler.ts";
import { mean, meanSquare, median, rowsOf } from "./numbers.ts";
import { betweenExamples } from "./sampler.ts";
import { drawingWeights, spreadPlaces, type Subject, wishes, x0Of } from "./subject.ts";
import type { Velocities } from "./velocities.ts";

/** Whether the model draws the examples that it learned. */
export interface ResultEvidence {
  /** Share of samples whose nearest example asks for the same as they were asked for. */
  right: number;
  samples: number;
  /** What chance gives: the mean share of examples that ask for the same. */
  chance: number;
  /** Median distance to the nearest example, and between examples. */
  distance: number;
  between: number;
}

/** What was drawn, to be looked at. */
export interface DrawnExamples {
  /** Examples that were asked for, and those that came out nearest. */
  asked: number[];
  nearest: number[];
  /** As the model drew them, `[N, …shape]`. */
  x0: Float32Array<ArrayBuffer>;
}

/** Asks for some of the examples, each from noise of its own, and looks which example is nearest. */
export async function probeResult(
  velocities: Velocities,
  subject: Subject,
  { samples = 32, weights = drawingWeights(subject) }: {
    samples?: number;
    weights?: Record<string, Value>;
  } = {},
): Promise<ResultEvidence & { drawn: DrawnExamples }> {
  const { rows, config, solve } = subject, size = sizeOf(rows.shape);
  const asked = spreadPlaces(rows.size, samples);
  const { sampler, steps, shift } = samplingOf(config);
  const noise = new Float32Array(asked.length * size);
  asked.forEach((_, i) => noise.set(imageNoise(i, size), i * size));
  const x0 = await solve(
    async (x, t) => {
      const found = await velocities.ask(weights, {
        x: rowsOf(x, size),
        t: asked.map(() => t),
        wish: asked,
      });
      const velocity = new Float32Array(x.length);
      found.forEach((values, i) => velocity.set(values, i * size));
      return velocity;
    },
    noise,
    {
      sampler,
      grid: timeGrid(steps, { shift }),
      eulerLast: config.objective.prediction === "data",
    },
  );
  const points = x0Of(rows, [...Array(rows.size).keys()]), wish = wishes(subject);
  const found = rowsOf(x0, size).map((drawn) => {
    const squares = points.map((point) => meanSquare(drawn, point));
    const least = Math.min(...squares);
    return { index: Math.max(0, squares.indexOf(least)), distance: Math.sqrt(least) };
  });
  const share = (one: number) => wish.filter((other) => other === one).length / wish.length;
  return {
    right: mean(found.map(({ index }, i) => Number(wish[index] === wish[asked[i]!]))),
    samples: asked.length,
    chance: mean(asked.map((index) => share(wish[index]!))),
    distance: median(found.map(({ distance }) => distance)),
    between: betweenExamples(points.slice(0, 64)),
    drawn: { asked, nearest: found.map(({ index }) => index), x0 },
  };
}
