import { openDevice } from "../lib/engine/mod.ts";
import { createFlowTask, createRun, extendConfig, loadImages, train } from "../lib/training/mod.ts";
import { base } from "../configs/base.ts";

/** Steps with held-out loss, samples and checkpoints in between, as in a real run but more often. */
const STALL_STEPS = 120;
const MEMORY_STEPS = 2000;

/**
 * The longest time in milliseconds that the event loop did not turn while the default model was trained:
 * how late a timer of one millisecond, a key or a progress line could be.
 */
export async function longestStall(): Promise<number> {
  let longest = 0;
  const every = { log: 10, heldout: 40, samples: 40, checkpoint: 40 };
  await trainSome({ steps: STALL_STEPS, every }, (onSteady) => {
    let last: number | undefined;
    const timer = setInterval(() => {
      const now = performance.now();
      if (last !== undefined) longest = Math.max(longest, now - last - 1);
      last = onSteady() ? now : undefined;
    }, 1);
    return () => clearInterval(timer);
  });
  return longest;
}

/**
 * Growth of the resident memory in percent over 2,000 steps of the default model. What counts is the floor,
 * the least in a quarter of the run: the memory above it comes and goes with JavaScript's garbage collection.
 * Steps alone, without checkpoints, whose copies make the garbage-collected heap grow to a plateau.
 */
export async function memoryGrowth(): Promise<number> {
  const resident: number[] = [];
  const changes = {
    steps: MEMORY_STEPS,
    every: { log: 100, heldout: -1, samples: -1, checkpoint: -1 },
  } as const;
  await trainSome(changes, () => () => {}, () => resident.push(Deno.memoryUsage().rss));
  const quarter = MEMORY_STEPS / 4;
  // The first steps fill caches and buffers.
  const start = Math.min(...resident.slice(quarter / 2, quarter));
  const end = Math.min(...resident.slice(-quarter));
  return 100 * (end / start - 1);
}

/** Trains in a temporary folder; `observe` is told when the run is past its start. */
async function trainSome(
  changes: Parameters<typeof extendConfig>[1],
  observe: (onSteady: () => boolean) => () => void,
  onStep: () => void = () => {},
): Promise<void> {
  const config = extendConfig(base, { name: "bench", data: { size: 2000 }, ...changes });
  const device = await openDevice("cpu");
  const task = await createFlowTask(device, config, await loadImages(config));
  const folder = await Deno.makeTempDir();
  let step = 0;
  const end = observe(() => step > 2);
  try {
    const run = await createRun(`${folder}/run`, config, {
      started: new Date().toISOString(),
      command: "deno task bench",
      versions: { deno: Deno.version.deno, typescript: "", tfjs: "", engine: device.description },
      commit: null,
      code: "",
      data: task.fingerprint,
      machine: "",
    });
    const watch = {
      onStep() {
        step++;
        onStep();
      },
    };
    const result = await train(task, run, device, { watch });
    await result.dispose();
  } finally {
    end();
    await Deno.remove(folder, { recursive: true });
  }
}
