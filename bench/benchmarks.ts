import { fileURLToPath } from "node:url";
import { prepareProducts } from "./matmul.ts";
import type { Peer } from "./peer.ts";
import { forwardGflop, type Shape } from "./shape.ts";
import { shardHeadroom, shardRows } from "./shards.ts";
import { longestStall, memoryGrowth } from "./trainer.ts";
import { compileSeconds, ditStep, guidedSampling, unetStep } from "./workloads.ts";

/** Something that can be measured again and again. */
export interface Runner {
  /** One iteration: seconds, or whatever the unit is. */
  run(): Promise<number>;
  stop(): Promise<void>;
}

/** One benchmark: our side, PyTorch's side, and how to read the numbers. */
export interface Benchmark {
  unit: string;
  ours(shape: Shape): Promise<Runner>;
  peer?(peer: Peer, shape: Shape): Promise<Runner>;
  /** GFLOP in matrix products per iteration, where the share of the peak means something. */
  gflop?(shape: Shape): number;
  /** Rounds, where the usual number makes no sense. */
  rounds?: number;
}

/** Euler steps that are timed; the result is scaled to SAMPLING_STEPS. */
const TIMED_STEPS = 5;
const SAMPLING_STEPS = 50;

/** All benchmarks by name. */
export const BENCHMARKS: Record<string, Benchmark> = {
  "dit-step": {
    unit: "s",
    ours: ditStep,
    peer: (peer, shape) => timed(peer, "dit-step", shape),
    gflop: (shape) => 3 * forwardGflop(shape),
  },
  "unet-step": {
    unit: "s",
    ours: unetStep,
    peer: (peer, shape) => timed(peer, "unet-step", shape),
  },
  "sampling": {
    unit: "s",
    ours: async (shape) => {
      const { run, stop } = await guidedSampling(shape, TIMED_STEPS);
      return { run: async () => await run() * SAMPLING_STEPS / TIMED_STEPS, stop };
    },
    peer: (peer, shape) =>
      timed(peer, "sampling", shape, { steps: TIMED_STEPS }, SAMPLING_STEPS / TIMED_STEPS),
    gflop: (shape) => SAMPLING_STEPS * forwardGflop({ ...shape, batch: 2 * shape.batch }),
  },
  "dit-memory": {
    unit: "MB",
    ours: (shape) => Promise.resolve({ run: () => ourMemory(shape), stop: nothing }),
    peer: (peer, shape) =>
      Promise.resolve({
        run: async () => (await peer.once("dit-memory", shape)).peak_rss_mb,
        stop: nothing,
      }),
    rounds: 3,
  },
  "matmul-peak": {
    unit: "s",
    ours: prepareProducts,
    peer: (peer, shape) => timed(peer, "matmul-peak", shape),
  },
  "compile": {
    unit: "s",
    ours: (shape) => Promise.resolve({ run: () => compileSeconds(shape), stop: nothing }),
    rounds: 3,
  },
  "shard-rows": { unit: "rows/s", ours: shardRows, rounds: 5 },
  "shard-headroom": { unit: "×", ours: shardHeadroom, rounds: 3 },
  "stall": {
    unit: "ms",
    ours: () => Promise.resolve({ run: longestStall, stop: nothing }),
    rounds: 1,
  },
  "memory-growth": {
    unit: "%",
    ours: () => Promise.resolve({ run: memoryGrowth, stop: nothing }),
    rounds: 1,
  },
};

async function timed(
  peer: Peer,
  name: string,
  shape: Shape,
  options: Record<string, number> = {},
  scale = 1,
): Promise<Runner> {
  const process = await peer.start(name, shape, options);
  return { run: async () => (await process.run()).seconds * scale, stop: process.stop };
}

/** Peak resident memory of a fresh process that takes five training steps, in MB. */
async function ourMemory(shape: Shape): Promise<number> {
  const program = fileURLToPath(import.meta.resolve("./memory.ts"));
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-read", "--allow-ffi", "--allow-env", program, JSON.stringify(shape)],
  }).output();
  if (code !== 0) throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout)).peak_rss_mb;
}

const nothing = () => Promise.resolve();
