import { type Stage, STAGES } from "../data/pictures/facts.ts";
import type { LatentBatch } from "../data/shards/latent_batch.ts";
import type { MixedStream, MixState, StreamWeights } from "../data/shards/mix_streams.ts";
import type { SelfFlow } from "../flow/mod.ts";
import { createRandom, forkRandom, normals, type Random } from "../random.ts";
import { float32 } from "../tensors.ts";
import type { CurriculumPhase, ObjectiveConfig } from "./config.ts";
import { textTensors } from "./examples.ts";
import { drawLevels, levelGenerators } from "./noise_level_feed.ts";
import type { Feed } from "./task.ts";

/** What {@linkcode textFeed} needs to know. */
export interface TextFeedOptions {
  batchSize: number;
  seed: number;
  objective: ObjectiveConfig;
  /** Shape of the latents, `[h, w, c]`. */
  shape: readonly number[];
  /** Which stages are learned from as the run goes on; the streams in equal parts without it. */
  curriculum?: readonly CurriculumPhase[] | undefined;
  /** Batches of the whole run, which the curriculum's shares are of. */
  batches: number;
  /** Draws noise levels of tokens; absent where images have one. */
  selfFlow?: SelfFlow | undefined;
}

/** Where the feed stands, besides its generators. */
interface TextFeedPosition {
  batches: number;
  rows: MixState;
}

/**
 * Batches for flow matching with prompts: latents x0, fresh noise x1, noise levels t, and encoded captions of which
 * some give way to the null text.
 */
export function textFeed(stream: MixedStream<string>, options: TextFeedOptions): Feed {
  const { batchSize, seed, objective, curriculum, selfFlow } = options;
  const shape = [batchSize, ...options.shape];
  const generators = {
    noise: forkRandom(seed, "noise"),
    ...levelGenerators(seed, objective),
    texts: forkRandom(seed, "dropped texts"),
  };
  let batches = 0;

  return {
    async next() {
      // What is not made of stages, as your own pictures, has no curriculum.
      const phase = stream.names.length > 1 ? curriculum : undefined;
      const rows = await stream.next(weightsAt(phase, batches++ / options.batches));
      const keep = keepTexts(batchSize, objective.conditionDropout, generators.texts);
      const tensors = {
        x0: float32(shape, rows.latents),
        x1: float32(shape, normals(generators.noise, rows.latents.length)),
        ...drawLevels(batchSize, generators, objective, selfFlow),
        ...textTensors(rows, { keep }),
      };
      const saved = Object.entries(generators).map(([name, random]) => [name, random.save()]);
      const data: TextFeedPosition = { batches, rows: stream.save() };
      return { tensors, after: { data, generators: Object.fromEntries(saved) } };
    },
    restore({ data, generators: saved }) {
      const position = data as TextFeedPosition;
      stream.restore(position.rows);
      batches = position.batches;
      for (const name of Object.keys(generators) as (keyof typeof generators)[]) {
        const state = saved[name];
        if (!state) throw new RangeError(`The saved position has no generator "${name}"`);
        generators[name] = createRandom(state);
      }
    },
  };
}

/** The weights of the stages after a share of the run; undefined without a curriculum. */
export function weightsAt(
  curriculum: readonly CurriculumPhase[] | undefined,
  share: number,
): StreamWeights<string> | undefined {
  const begun = curriculum?.filter(({ from }) => from <= share) ?? [];
  const phase = begun.sort((a, b) => a.from - b.from).at(-1);
  if (!phase) return undefined;
  const { from: _, ...weights } = phase;
  return weights;
}

/** The share of a stage in all batches of a run. */
export function meanWeight(curriculum: readonly CurriculumPhase[], stage: Stage): number {
  const phases = curriculum.toSorted((a, b) => a.from - b.from);
  return phases.reduce((sum, phase, i) => {
    const lasts = (phases[i + 1]?.from ?? 1) - phase.from;
    const all = STAGES.reduce((total, name) => total + phase[name], 0);
    return sum + lasts * phase[stage] / all;
  }, 0);
}

/** Text dropout: 0 with the given probability, else 1 (Ho & Salimans 2022). */
export function keepTexts(
  count: number,
  dropout: number,
  random: Random,
): Float32Array<ArrayBuffer> {
  return new Float32Array(count).map(() => random.uniform() < dropout ? 0 : 1);
}

/** The rows of a batch that a loss can be measured on. */
export function rowsOf({ latents, pooled, tokens, mask, captions }: LatentBatch) {
  return { latents, pooled, tokens, mask, captions };
}
