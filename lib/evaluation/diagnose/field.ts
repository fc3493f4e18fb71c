import type { Value } from "../../engine/mod.ts";
import { forkRandom, normals } from "../../random.ts";
import { exactVelocity } from "./exact_field.ts";
import { type Agreement, agreement, mean, meanSquare } from "./numbers.ts";
import { spreadPlaces, type Subject, wishes, x0Of } from "./subject.ts";
import { askOutputs, type Velocities } from "./velocities.ts";

/** The model's velocity at one noise level, beside fields that are known. */
export interface FieldAtLevel extends Agreement {
  t: number;
  /** Loss (mean squared error of the velocity) of the model, told what each example shows. */
  model: number;
  /** The same, told nothing, and told what another example shows; null for a model without wishes. */
  nothing: number | null;
  other: number | null;
  /** Of the exact field of the examples: the least there can be. */
  exact: number;
  /** Of a model that always says the mean of the examples: what can be had without looking. */
  mean: number;
  /** Change of the velocity relative to its size, when something else is asked for. */
  wish: number | null;
  /** Change of the output relative to its size, when a noise level is told that is 0.3 nearer to the middle. */
  time: number;
}

/** The learned field against what it should be. */
export interface FieldEvidence extends Agreement {
  levels: FieldAtLevel[];
  /** Means over the levels. */
  model: number;
  exact: number;
  mean: number;
  nothing: number | null;
  other: number | null;
  /** Where the model stands between the best there is (0) and saying the mean (1), mean over the levels. */
  excess: number;
}

const LEVELS = [0.15, 0.3, 0.45, 0.6, 0.75, 0.9];
const EXAMPLES = 32;

/**
 * Asks the model at points between examples and noise, where the best answer is known: the exact field of all examples
 * that share a wish. Correlation and slope of the answers say whether sign and size are right, the loss how much is
 * learned.
 */
export async function probeField(
  velocities: Velocities,
  subject: Subject,
  weights: Record<string, Value>,
): Promise<FieldEvidence> {
  const { rows } = subject, wish = wishes(subject);
  const chosen = spreadPlaces(rows.size, EXAMPLES), x0 = x0Of(rows, chosen);
  const middle = meanOf(x0Of(rows, spreadPlaces(rows.size, 512)));
  const others = chosen.map((index) => otherWish(wish, index));
  const several = others.every((other) => other >= 0);
  const found: Float32Array[] = [], expected: Float32Array[] = [], levels: FieldAtLevel[] = [];
  for (const { t, x, target } of pointsOf(x0)) {
    const told = chosen.map(() => t), wrong = t < 0.5 ? t + 0.3 : t - 0.3;
    const ask = (how: { wish: number[]; nothing?: boolean }) =>
      velocities.ask(weights, { x, t: told, ...how });
    const output = (told: number) => {
      const question = { x, t: chosen.map(() => told), wish: chosen };
      return askOutputs(velocities, subject, weights, question);
    };
    const answers = await ask({ wish: chosen });
    const exact = chosen.map((index, i) => {
      // Of more examples than are here only the one that x was made from is known.
      if (!rows.complete) return target[i]!;
      const points = x0Of(rows, [...wish.keys()].filter((j) => wish[j] === wish[index]));
      return exactVelocity(x[i]!, t, points);
    });
    const unseen = x.map((point) => point.map((value, p) => (value - middle[p]!) / t));
    const lossOf = (fields: readonly Float32Array[]) =>
      mean(fields.map((field, i) => meanSquare(field, target[i]!)));
    const nothing = several ? await ask({ wish: chosen, nothing: true }) : undefined;
    const other = several ? await ask({ wish: others }) : undefined;
    levels.push({
      t,
      ...agreement(answers, exact),
      model: lossOf(answers),
      exact: lossOf(exact),
      mean: lossOf(unseen),
      nothing: nothing ? lossOf(nothing) : null,
      other: other ? lossOf(other) : null,
      wish: other ? relative(answers, other) : null,
      time: relative(await output(t), await output(wrong)),
    });
    found.push(...answers);
    expected.push(...exact);
  }
  const over = (pick: (level: FieldAtLevel) => number | null) => {
    const values = levels.map(pick);
    return values.includes(null) ? null : mean(values as number[]);
  };
  const model = over(({ model }) => model)!, exact = over(({ exact }) => exact)!;
  const blind = over(({ mean }) => mean)!;
  return {
    ...agreement(found, expected),
    levels,
    model,
    exact,
    mean: blind,
    nothing: over(({ nothing }) => nothing),
    other: over(({ other }) => other),
    excess: mean(levels.map((level) => (level.model - level.exact) / (level.mean - level.exact))),
  };
}

/** Loss of some weights on the examples, at the same points as {@linkcode probeField}. */
export async function lossOf(
  velocities: Velocities,
  { rows }: Subject,
  weights: Record<string, Value>,
): Promise<number> {
  const chosen = spreadPlaces(rows.size, EXAMPLES), losses: number[] = [];
  for (const { t, x, target } of pointsOf(x0Of(rows, chosen))) {
    const answers = await velocities.ask(weights, { x, t: chosen.map(() => t), wish: chosen });
    answers.forEach((answer, i) => losses.push(meanSquare(answer, target[i]!)));
  }
  return mean(losses);
}

/** Points between examples and noise at every level, always the same, and the velocities of their paths. */
function* pointsOf(x0: readonly Float32Array[]) {
  const random = forkRandom(0, "noise of the field");
  for (const t of LEVELS) {
    const x1 = x0.map((data) => normals(random, data.length));
    const x = x0.map((data, i) => data.map((value, p) => (1 - t) * value + t * x1[i]![p]!));
    const target = x0.map((data, i) => x1[i]!.map((value, p) => value - data[p]!));
    yield { t, x, target };
  }
}

function meanOf(points: readonly Float32Array[]): Float32Array {
  const sum = new Float32Array(points[0]!.length);
  for (const point of points) point.forEach((value, i) => sum[i]! += value / points.length);
  return sum;
}

/** The next example that asks for something else; −1 if all ask for the same. */
export function otherWish(wish: readonly number[], index: number): number {
  for (let by = 1; by < wish.length; by++) {
    const place = (index + by) % wish.length;
    if (wish[place] !== wish[index]) return place;
  }
  return -1;
}

function relative(a: readonly Float32Array[], b: readonly Float32Array[]): number {
  const change = mean(a.map((vector, i) => meanSquare(vector, b[i]!)));
  return Math.sqrt(change / mean(a.map((vector) => mean(vector.map((value) => value * value)))));
}
