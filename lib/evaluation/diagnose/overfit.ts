import type { Device } from "../../engine/mod.ts";
import { extendConfig, type TrainConfig } from "../../training/config.ts";
import type { Checkpoint } from "../../training/checkpoint.ts";
import type { AnyTask } from "../../training/create_task.ts";
import { DivergedError } from "../../training/divergence.ts";
import type { RunFolder } from "../../training/run_folder.ts";
import { train, type TrainWatcher } from "../../training/train.ts";
import { probeField } from "./field.ts";
import type { Untrained } from "./open_subject.ts";
import { probeResult } from "./result.ts";
import type { Subject } from "./subject.ts";
import { openVelocities } from "./velocities.ts";

/** Share of samples nearest to the right example at which a training ends. */
export const MEMORISED = 0.98;
/** The samples are looked at only once the loss is this near to the exact field's. */
const NEAR = 0.35;
const SAMPLES = 64;

/** The config that learns N examples by heart, and is otherwise the same. */
export function overfitConfig(config: TrainConfig, examples: number): TrainConfig {
  // All examples count alike: a curriculum would show some of them seldom.
  const { curriculum: _, ...rest } = config;
  return extendConfig(rest, { name: `diagnose-${config.name}`, data: { size: examples } });
}

/** Options of {@linkcode trainOverfit}. */
export interface OverfitOptions {
  resume?: Checkpoint | undefined;
  /** Ends the training after so much time. */
  minutes?: number | undefined;
  stop?: AbortSignal | undefined;
  watch?: TrainWatcher | undefined;
  /** Hears how far the examples are memorised, wherever the held-out loss is measured. */
  onMeasured?: (event: { excess: number; right: number | null }) => void;
}

/** How a training ended. */
export interface OverfitEnd {
  because: "memorised" | "steps" | "time" | "stopped" | "diverged";
  /** What the trainer said, if the loss exploded. */
  diverged?: string;
}

/** Trains until the examples are memorised, all steps are made, or the time is over. */
export async function trainOverfit(
  { task }: AnyTask,
  base: Untrained,
  run: RunFolder,
  device: Device,
  options: OverfitOptions = {},
): Promise<OverfitEnd> {
  const { resume, minutes, watch = {}, onMeasured = () => {} } = options;
  const enough = new AbortController(), signals = [enough.signal];
  const time = minutes === undefined ? undefined : AbortSignal.timeout(60_000 * minutes);
  if (time) signals.push(time);
  if (options.stop) signals.push(options.stop);
  const subject: Subject = {
    ...base,
    name: run.path,
    weights: { params: base.task.params },
    history: [],
    step: 0,
  };
  const velocities = openVelocities(device, subject);
  try {
    const result = await train(
      {
        ...task,
        async heldout(weights) {
          const { excess } = await probeField(velocities, subject, weights);
          let right: number | null = null;
          if (excess < NEAR) {
            const found = await probeResult(velocities, subject, { samples: SAMPLES, weights });
            right = found.right;
            if (right >= MEMORISED) enough.abort();
          }
          onMeasured({ excess, right });
          return await task.heldout?.(weights) ?? { loss: excess, bins: [] };
        },
      },
      run,
      device,
      { resume, stop: AbortSignal.any(signals), watch },
    );
    await result.dispose();
    if (enough.signal.aborted) return { because: "memorised" };
    if (result.finished) return { because: "steps" };
    return { because: time?.aborted ? "time" : "stopped" };
  } catch (error) {
    if (!(error instanceof DivergedError)) throw error;
    return { because: "diverged", diverged: error.message };
  } finally {
    await velocities.dispose();
  }
}
