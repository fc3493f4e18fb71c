import { compile, type Device } from "../../engine/mod.ts";
import { flowErrors, selfFlow } from "../../flow/mod.ts";
import type { Model } from "../../models/mod.ts";
import { addPrefix, takePrefix, tensorSpecs } from "../../nn/mod.ts";
import { forkRandom, normals } from "../../random.ts";
import { float32, type HostRecord, sizeOf } from "../../tensors.ts";
import { loadNewestCheckpoint } from "../../training/checkpoint.ts";
import type { ObjectiveConfig, TrainConfig } from "../../training/config.ts";
import { type AnyTask, createTask } from "../../training/create_task.ts";
import { type Examples, imageExamples, textExamples } from "../../training/examples.ts";
import { flowBatchSpec } from "../../training/flow_feed.ts";
import { drawLevels, levelGenerators } from "../../training/noise_level_feed.ts";
import { runFile } from "../../training/run_folder.ts";
import type { TextDataOptions } from "../../training/text_data.ts";
import { modelOf, weightsOf } from "../../training/trained_model.ts";
import { type CompareFolder, configOf, runPathOf, type Side, SIDES } from "./plan.ts";
import { compareMeasure, type MeasureComparison } from "./verdict.ts";

/**
 * The velocity loss of every run on held-out examples that are corrupted as one of the two recipes does it in
 * training: `losses.b.a[i]` is the loss of A, seed `seeds[i]`, on what B trains on.
 */
export interface CorruptionLosses {
  seeds: number[];
  /** Held-out examples behind each number. */
  examples: number;
  losses: Record<Side, Record<Side, number[]>>;
}

/** The same as numbers to be compared: two that are fair, and the one that is not. */
export interface CorruptionComparison {
  examples: number;
  /** Both sides on examples corrupted as A trains, and as B trains. */
  same: Record<Side, MeasureComparison>;
  /** Each side on what it trains on itself: two different tasks, so it says nothing about who is better. */
  own: MeasureComparison;
}

/** Options of {@linkcode measureCorruption}. */
export interface CorruptionOptions extends TextDataOptions {
  /** Held-out examples; 512 by default, as far as there are so many. */
  examples?: number;
}

/** Examples that run at once. */
const CHUNK = 32;
/** What decides how examples are corrupted. */
const CORRUPTION = ["noiseLevels", "logitMean", "logitStd", "shift", "selfFlow"] as const;

/** Whether the two recipes corrupt examples differently in training, and their models can be shown both. */
export function corruptsDifferently({ plan }: Pick<CompareFolder, "plan">): boolean {
  const { a, b } = plan.configs;
  const draws = ({ objective }: TrainConfig) =>
    JSON.stringify(CORRUPTION.map((name) => objective[name] ?? null));
  const takesTokens = SIDES.every((side) => plan.configs[side].model.kind === "dit");
  return draws(a) !== draws(b) &&
    (takesTokens || !(a.objective.selfFlow || b.objective.selfFlow));
}

/** Measures the newest checkpoint of every run of these seeds, with the same examples and noise for all. */
export async function measureCorruption(
  folder: CompareFolder,
  device: Device,
  seeds: readonly number[],
  { examples: most = 512, ...data }: CorruptionOptions = {},
): Promise<CorruptionLosses> {
  const losses = { a: { a: [], b: [] }, b: { a: [], b: [] } } as CorruptionLosses["losses"];
  const any = await createTask(device, configOf(folder, "a", seeds[0]!), data);
  try {
    const examples = heldoutExamples(any), count = Math.min(most, examples.size);
    for (const side of SIDES) {
      for (const seed of seeds) {
        const path = runPathOf(folder, side, seed), config = configOf(folder, side, seed);
        const checkpoint = await loadNewestCheckpoint(runFile({ path }, "checkpoints"));
        if (!checkpoint) throw new RangeError(`The run in ${path} has no checkpoint`);
        const model = modelOf(config, checkpoint);
        const weights = weightsOf(checkpoint, config.ema.decay > 0 ? "ema" : "params");
        for (const ruler of SIDES) {
          const loss = await lossUnder(device, {
            model,
            weights,
            examples,
            count,
            prediction: config.objective.prediction,
            corruption: folder.plan.configs[ruler].objective,
          });
          losses[ruler][side].push(loss);
        }
      }
    }
    return { seeds: [...seeds], examples: count, losses };
  } finally {
    await any.task.dispose();
  }
}

/** Puts the losses side by side. */
export function compareCorruption(
  { examples, losses }: CorruptionLosses,
): CorruptionComparison {
  const same = (ruler: Side) =>
    compareMeasure(
      {
        key: `heldout_loss corrupted as ${ruler.toUpperCase()}`,
        name: `held-out loss, both corrupted as ${ruler.toUpperCase()} trains`,
        better: "less",
        share: false,
      },
      losses[ruler].a,
      losses[ruler].b,
    );
  const own = compareMeasure(
    {
      key: "heldout_loss corrupted as itself",
      name: "each corrupted as it trains itself (not comparable)",
      better: null,
      share: false,
    },
    losses.a.a,
    losses.b.b,
  );
  return { examples, same: { a: same("a"), b: same("b") }, own };
}

function heldoutExamples(any: AnyTask): Examples {
  switch (any.kind) {
    case "classes":
      return imageExamples(any.task.heldoutData, any.task.model.classes);
    case "text":
      return textExamples(any.task.data.heldout, any.task.data.shape);
    default:
      throw new RangeError(`A ${any.kind} learns no velocities`);
  }
}

/** Mean velocity loss of a model on examples that are corrupted as an objective says. */
async function lossUnder(
  device: Device,
  { model, weights, examples, count, prediction, corruption }: {
    model: Model;
    weights: HostRecord;
    examples: Examples;
    count: number;
    prediction: ObjectiveConfig["prediction"];
    corruption: ObjectiveConfig;
  },
): Promise<number> {
  const chunk = Math.min(CHUNK, count);
  const levels = corruption.selfFlow && selfFlow(model, corruption.selfFlow);
  const errors = flowErrors(model, { prediction });
  const weightSpecs = tensorSpecs(model.params);
  const batchSpec = {
    ...flowBatchSpec(model.imageShape, chunk, model.classes, model.text),
    ...(levels && seenOf(levels.batch(chunk))),
  };
  const program = await compile(device, (inputs) => {
    return { errors: errors(takePrefix(inputs, "weights"), takePrefix(inputs, "batch")) };
  }, { ...addPrefix(weightSpecs, "weights"), ...addPrefix(batchSpec, "batch") });
  try {
    const noise = forkRandom(0, "noise of corruptions");
    const draws = levelGenerators(0, corruption), values: number[] = [];
    const shape = [chunk, ...examples.shape];
    for (let start = 0; start < count; start += chunk) {
      const indices = Array.from({ length: chunk }, (_, i) => (start + i) % count);
      const batch = {
        ...examples.batch(indices),
        x1: float32(shape, normals(noise, sizeOf(shape))),
        ...seenOf(drawLevels(chunk, draws, corruption, levels)),
      };
      const result = await program.run({
        ...addPrefix(weights, "weights"),
        ...addPrefix(batch, "batch"),
      });
      values.push(...result.errors!.data);
    }
    return values.slice(0, count).reduce((sum, value) => sum + value, 0) / count;
  } finally {
    await program.dispose();
  }
}

/** What the velocity loss sees of the noise levels: not which tokens are hidden, nor what a teacher sees. */
function seenOf<T>({ masked: _, teacher_t: __, ...seen }: Record<string, T>): Record<string, T> {
  return seen;
}
