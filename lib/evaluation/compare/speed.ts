import type { Device } from "../../engine/mod.ts";
import { createTask } from "../../training/create_task.ts";
import type { TrainTask } from "../../training/task.ts";
import type { TextDataOptions } from "../../training/text_data.ts";
import { compileStep } from "../../training/train.ts";
import { type CompareFolder, configOf, SIDES } from "./plan.ts";
import { medianInterval } from "./statistics.ts";

/** How long updates take, side against side. Goes into JSON as it is. */
export interface SpeedComparison {
  /** Updates per second of both, the median: as fast as the machine was then. */
  a: number;
  b: number;
  /** Time of an update of B over that of A, taken in turns: median with a 95 % interval. */
  ratio: { median: number; low: number; high: number };
  /** Pairs of updates behind it. */
  pairs: number;
}

/** Options of {@linkcode measureSpeed}. */
export interface SpeedOptions extends TextDataOptions {
  /** Pairs of updates, 30 by default. */
  pairs?: number;
  /** Tells milliseconds. */
  now?: () => number;
}

/** Updates that are not counted: the first ones of a program are slower. */
const WARM_UP = 3;

/** Times updates of both configs in turns, so that both see the same machine at the same time. */
export async function measureSpeed(
  folder: CompareFolder,
  device: Device,
  { pairs = 30, now = () => performance.now(), ...data }: SpeedOptions = {},
): Promise<SpeedComparison> {
  const sides = [];
  try {
    for (const side of SIDES) {
      const config = configOf(folder, side, folder.plan.seeds[0]!);
      const { task } = await createTask(device, config, data);
      sides.push({
        task,
        step: await compileStep(device, task, config),
        accumulate: config.accumulate,
      });
    }
    const times: number[][] = [[], []];
    for (let i = 0; i < pairs + WARM_UP; i++) {
      for (const place of i % 2 === 0 ? [0, 1] : [1, 0]) {
        const took = await timeUpdate(sides[place]!, now);
        if (i >= WARM_UP) times[place]!.push(took);
      }
    }
    const [a, b] = times as [number[], number[]];
    return {
      a: 1000 / medianInterval(a).median,
      b: 1000 / medianInterval(b).median,
      ratio: medianInterval(b.map((took, i) => took / a[i]!)),
      pairs,
    };
  } finally {
    for (const { task, step } of sides) await Promise.all([step.dispose(), task.dispose()]);
  }
}

/** Milliseconds of one update; making its batches does not count, as it runs beside the update before. */
async function timeUpdate(
  { task, step, accumulate }: {
    task: TrainTask;
    step: Awaited<ReturnType<typeof compileStep>>;
    accumulate: number;
  },
  now: () => number,
): Promise<number> {
  let took = 0;
  for (let i = 0; i < accumulate; i++) {
    const { tensors } = await task.feed.next(), start = now();
    await step.run(tensors, { learningRate: 1e-4, emaDecay: 0.99 });
    took += now() - start;
  }
  return took;
}
