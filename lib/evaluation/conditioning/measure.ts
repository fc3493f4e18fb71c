import { forkRandom, normals } from "../../random.ts";
import { type AskedModel, NOTHING } from "./asked_model.ts";
import { type Pairwise, pairwise, rms, rmsDistance, rowsOf } from "./distances.ts";

/** How a velocity depends on what is asked for, at one noise level. */
export interface WishSensitivity {
  t: number;
  /** Mean distance of the velocities for two different wishes at the same x_t, over the velocity's own size. */
  between: number;
  /** The same between a wish and none. */
  to_nothing: number;
}

/** Whether a model listens. Goes into JSON as it is. Distances are root mean squares per number. */
export interface Conditioning {
  wishes: string[];
  seeds: number[];
  /** Drawn from one noise for every wish: how far apart, as the model sees pictures. */
  same_noise: Pairwise;
  /** Drawn for one wish from several noises. */
  same_wish: Pairwise;
  /** same_noise / same_wish: near 0, wishes change nothing; null for a model that takes none. */
  ratio: number | null;
  /** By noise level; empty for a model that takes no wishes. */
  wish_sensitivity: WishSensitivity[];
  /** Noise levels of the rows and columns of the next. */
  levels: number[];
  /**
   * The network's output at a true level [row], told another level [column]: its distance from the output when told
   * the truth, over that output's size. All zero, and it does not hear t.
   */
  time_sensitivity: number[][];
}

/** What was drawn on the way: as the model sees it. */
export interface DrawnForConditioning {
  /** One noise, all wishes. */
  sameNoise: Float32Array<ArrayBuffer>;
  /** One wish, all seeds. */
  sameWish: Float32Array<ArrayBuffer>;
}

/** Options of {@linkcode measureConditioning}. */
export interface ConditioningOptions {
  /** Seeds of the noises, the first of which all wishes share; 0 … 7 by default. */
  seeds?: readonly number[];
  /** Noise levels to look at, from 0 to 1. */
  levels?: readonly number[];
  onStage?: (stage: string) => void;
}

const LEVELS = [0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95];
const SEEDS = [0, 1, 2, 3, 4, 5, 6, 7];

/**
 * Asks a model for the same from several noises and for several things from the same noise, and measures what its
 * velocity makes of the wish and of the noise level. Points x_t lie between its own pictures and fresh noise, so that
 * no data is needed.
 */
export async function measureConditioning(
  asked: AskedModel,
  { seeds = SEEDS, levels = LEVELS, onStage = () => {} }: ConditioningOptions = {},
): Promise<Conditioning & { drawn: DrawnForConditioning }> {
  levels.forEach((t) => {
    if (!(t > 0 && t <= 1)) throw new RangeError(`Noise level ${t} is not above 0 and up to 1`);
  });
  const { wishes, size } = asked, all = wishes.map((_, wish) => wish);
  onStage("Drawing every wish from one noise, and one wish from every noise");
  const sameNoise = await asked.draw(all, all.map(() => seeds[0]!));
  const sameWish = await asked.draw(seeds.map(() => 0), seeds);

  // The pictures to start from: one for each wish, or from each noise where there is nothing to wish for.
  const several = wishes.length > 1;
  const pictures = rowsOf(several ? sameNoise : sameWish, size);
  const random = forkRandom(seeds[0]!, "noise of conditioning");
  const noises = pictures.map(() => normals(random, size));
  const own = pictures.map((_, i) => several ? i : 0);
  const mixed = (t: number) =>
    pictures.map((x0, i) => x0.map((value, place) => (1 - t) * value + t * noises[i]![place]!));

  const wishSensitivity: WishSensitivity[] = [];
  if (several) {
    for (const t of levels) {
      onStage(`Asking for everything at noise level ${t}`);
      wishSensitivity.push({ t, ...await sensitivityAt(asked, mixed(t), t) });
    }
  }
  onStage("Telling wrong noise levels");
  const timeSensitivity: number[][] = [];
  for (const t of levels) {
    const x = mixed(t);
    const answers: Float32Array[][] = [];
    for (const told of [t, ...levels]) {
      answers.push((await asked.ask(x, x.map(() => told), own)).outputs);
    }
    const [truth, ...others] = answers as [Float32Array[], ...Float32Array[][]];
    timeSensitivity.push(
      others.map((outputs) =>
        mean(outputs.map((output, i) => rmsDistance(output, truth[i]!) / rms(truth[i]!)))
      ),
    );
  }
  const apart = pairwise(rowsOf(sameNoise, size)), spread = pairwise(rowsOf(sameWish, size));
  return {
    wishes: [...wishes],
    seeds: [...seeds],
    same_noise: apart,
    same_wish: spread,
    ratio: several ? apart.mean / spread.mean : null,
    wish_sensitivity: wishSensitivity,
    levels: [...levels],
    time_sensitivity: timeSensitivity,
    drawn: { sameNoise, sameWish },
  };
}

/** Velocities for all wishes and for none at each of some points. */
async function sensitivityAt(
  asked: AskedModel,
  points: readonly Float32Array[],
  t: number,
): Promise<Omit<WishSensitivity, "t">> {
  const wishes = [...asked.wishes.keys(), NOTHING];
  const between: number[] = [], toNothing: number[] = [];
  for (const x of points) {
    const { velocities } = await asked.ask(wishes.map(() => x), wishes.map(() => t), wishes);
    const nothing = velocities.pop()!;
    const length = mean(velocities.map(rms));
    between.push(pairwise(velocities).mean / length);
    toNothing.push(mean(velocities.map((velocity) => rmsDistance(velocity, nothing))) / length);
  }
  return { between: mean(between), to_nothing: mean(toNothing) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
