import * as tf from "@tensorflow/tfjs-core";
import type { DeviceTensor, Value } from "../lib/engine/mod.ts";
import { openDevice } from "../lib/engine/mod.ts";
import { createRandom, normals } from "../lib/random.ts";
import { float32 } from "../lib/tensors.ts";
import type { Peer } from "./peer.ts";
import { REFERENCE } from "./shape.ts";

/** Rows × inner × columns, the same as in peers/workloads.py. */
const PRODUCTS = [
  [3136, 256, 1024],
  [3136, 1024, 256],
  [256, 3136, 1024],
  [1024, 1024, 1024],
  [2048, 2048, 2048],
] as const;

/** One product of each shape: seconds of all, and the best rate of any so far in GFLOP/s. */
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
  let best = 0;
  return {
    async run() {
      let total = 0;
      for (const { run } of products) {
        const { seconds, gflops } = await run();
        total += seconds;
        best = Math.max(best, gflops);
      }
      return total;
    },
    best: () => best,
    stop: async () => void await Promise.all(products.map((product) => product.dispose())),
  };
}

/** The best rate of either engine over a few rounds, in GFLOP/s. */
export async function bestProduct(peer: Peer | undefined): Promise<number> {
  const ours = await prepareProducts();
  const theirs = await peer?.start("matmul-peak", REFERENCE);
  let best = 0;
  for (let round = 0; round < 8; round++) {
    await ours.run();
    const answer = await theirs?.run();
    best = Math.max(best, ours.best(), ...Object.values(answer?.gflops ?? {}));
  }
  await ours.stop();
  await theirs?.stop();
  return best;
}
