import * as tf from "@tensorflow/tfjs-core";
import type { DeviceTensor, Value } from "../lib/engine/mod.ts";
import { openDevice } from "../lib/engine/mod.ts";
import { createRandom, normals } from "../lib/random.ts";
import { float32 } from "../lib/tensors.ts";
import type { Peer } from "./peer.ts";
import { REFERENCE } from "./shape.ts";
import { median } from "./statistics.ts";

/** Rows × inner × columns, the same as in peers/workloads.py. */
const PRODUCTS = [
  [3136, 256, 1024],
  [3136, 1024, 256],
  [256, 3136, 1024],
  [1024, 1024, 1024],
  [2048, 2048, 2048],
] as const;

/** One product of each shape: seconds of all, and the rate of each in the last run in GFLOP/s. */
export async function prepareProducts() {
  const device = await openDevice("cpu");
  const random = createRandom(0);
  const products = await Promise.all(PRODUCTS.map(async ([rows, inner, columns]) => {
    const a = float32([rows, inner], normals(random, rows * inner));
    const b = float32([inner, columns], normals(random, inner * columns));
    const program = await device.prepare(({ a, b }) => ({ c: tf.matMul(a!, b!) }), { a, b });
    let recycle: Record<string, DeviceTensor> = {};
    const run = async () => {
      const start = performance.now();
      const results: Record<string, Value> = await program.run({ a, b }, { keep: ["c"], recycle });
      const seconds = (performance.now() - start) / 1000;
      recycle = results as Record<string, DeviceTensor>;
      return { seconds, gflops: 2e-9 * rows * inner * columns / seconds };
    };
    return { run, dispose: program.dispose };
  }));
  let rates: number[] = [];
  return {
    async run() {
      let total = 0;
      rates = [];
      for (const { run } of products) {
        const { seconds, gflops } = await run();
        total += seconds;
        rates.push(gflops);
      }
      return total;
    },
    rates: () => rates,
    stop: async () => void await Promise.all(products.map((product) => product.dispose())),
  };
}

/**
 * The machine's matrix-product peak in GFLOP/s: the best shape of either engine, each by its median over a
 * few rounds, as the times it is compared with are medians too.
 */
export async function peakRate(peer: Peer | undefined): Promise<number> {
  const ours = await prepareProducts();
  const theirs = await peer?.start("matmul-peak", REFERENCE);
  const rounds: number[][] = [];
  for (let round = 0; round < 11; round++) {
    await ours.run();
    const answer = await theirs?.run();
    rounds.push([...ours.rates(), ...Object.values(answer?.gflops ?? {})]);
  }
  await ours.stop();
  await theirs?.stop();
  return Math.max(...rounds[0]!.map((_, shape) => median(rounds.map((rates) => rates[shape]!))));
}
