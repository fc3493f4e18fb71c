import { forkRandom, normals } from "../../random.ts";
import { float32, type HostRecord, sizeOf } from "../../tensors.ts";
import { agreement, mean, relativeChange } from "./numbers.ts";
import { spreadPlaces, type Subject, takesWish, wishes } from "./subject.ts";
import { askOutputs, type Question, type Velocities } from "./velocities.ts";

/** What the network reacts to with random weights: how it is wired, whatever it has learned. */
export interface Wiring {
  /** Share of changed places at which the output changes most at that same place. */
  same_place: number;
  /** Places that were changed. */
  places: number;
  /** Change of the output, relative to its size, when another noise level is told. */
  time: number;
  /** The same when something else is asked for, and when nothing is; null for a model without wishes. */
  wish: number | null;
  nothing: number | null;
  /** How the guided velocity moves with guidance 3, as a multiple of v_cond − v_uncond: 3 if it is right. */
  guidance: number | null;
}

/** Strength of guidance that is tried. */
export const GUIDANCE = 3;
/** Side of a place where the model has no patches, in pixels. */
const SIDE = 4;
const PLACES = 16;

/**
 * Tries how a network is wired. All weights are random and none is zero, so that nothing is hidden by what was or was
 * not learned: a place in must come out at the same place, and noise level and wish must change something.
 */
export async function probeWiring(velocities: Velocities, subject: Subject): Promise<Wiring> {
  const { model } = subject, size = sizeOf(model.imageShape);
  const weights = randomWeights(subject), random = forkRandom(0, "wiring");
  const base = normals(random, size), T = 0.5;
  const outputs = (question: Question) => askOutputs(velocities, subject, weights, question);
  const wish = wishes(subject), other = wish.findIndex((one) => one !== wish[0]);
  const places = placesOf(subject);
  const changed = places.map((indices) => {
    const x = base.slice();
    for (const index of indices) x[index] = x[index]! + random.normal();
    return x;
  });
  const same = <T>(count: number, value: T) => new Array<T>(count).fill(value);
  const [own, ...moved] = await outputs({
    x: [base, ...changed],
    t: same(places.length + 1, T),
    wish: same(places.length + 1, 0),
  }) as [Float32Array, ...Float32Array[]];
  const all = placesOf(subject, Infinity);
  const hits = moved.map((output, i) => {
    const change = output.map((value, j) => value - own[j]!);
    const strength = all.map((indices) =>
      indices.reduce((sum, index) => sum + change[index]! ** 2, 0)
    );
    return all[strength.indexOf(Math.max(...strength))]![0] === places[i]![0];
  });
  const levels = [0.2, 0.8];
  const told = await outputs({
    x: same(levels.length, base),
    t: levels,
    wish: same(levels.length, 0),
  });
  return {
    same_place: mean(hits.map(Number)),
    places: places.length,
    time: mean(told.map((output) => relativeChange(own, output))),
    ...await wishWiring(),
  };

  async function wishWiring() {
    if (!takesWish(subject)) return { wish: null, nothing: null, guidance: null };
    const ask = { x: [base], t: [T] };
    const [asked] = await outputs({ ...ask, wish: [Math.max(other, 0)] });
    const [none] = await outputs({ ...ask, wish: [0], nothing: true });
    const [guided] = await outputs({ ...ask, wish: [0], guidance: GUIDANCE });
    const step = own.map((value, i) => value - none![i]!);
    const taken = guided!.map((value, i) => value - none![i]!);
    return {
      wish: other < 0 ? null : relativeChange(own, asked!),
      nothing: relativeChange(own, none!),
      guidance: agreement([taken], [step]).slope,
    };
  }
}

/** Normal numbers for every parameter, small enough that nothing saturates; scales of norms near 1. */
export function randomWeights({ model }: Pick<Subject, "model">, seed = 0): HostRecord {
  const random = forkRandom(seed, "random weights");
  return Object.fromEntries(
    Object.entries(model.params).map(([name, { shape }]) => {
      const fanIn = shape.length > 1 ? sizeOf(shape.slice(0, -1)) : 16;
      const values = normals(random, sizeOf(shape)), scale = 1 / Math.sqrt(fanIn);
      return [name, float32(shape, values.map((value) => scale * value))];
    }),
  );
}

/** Patches of an image as lists of their numbers' indices; some of them, or all. */
function placesOf({ model }: Pick<Subject, "model">, count = PLACES): number[][] {
  const [height, width, channels] = model.imageShape, side = model.tokens?.patch ?? SIDE;
  const rows = Math.floor(height / side), columns = Math.floor(width / side);
  const all = Array.from({ length: rows * columns }, (_, place) => {
    const top = Math.floor(place / columns) * side, left = place % columns * side;
    return Array.from({ length: side * side * channels }, (_, i) => {
      const row = top + Math.floor(i / (side * channels)), rest = i % (side * channels);
      return (row * width + left) * channels + rest;
    });
  });
  return spreadPlaces(all.length, count).map((place) => all[place]!);
}
