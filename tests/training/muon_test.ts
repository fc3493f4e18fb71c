import * as tf from "@tensorflow/tfjs-core";
import { Matrix, SingularValueDecomposition } from "ml-matrix";
import { compile, compileTrainStep, type Optimizer } from "@course/engine/mod.ts";
import { extendConfig } from "@course/training/config.ts";
import { createFlowTask, loadImages } from "@course/training/flow_task.ts";
import { readMetrics } from "@course/training/metrics.ts";
import { muon, orthogonalise } from "@course/training/muon.ts";
import { adamw } from "@course/training/optimizers.ts";
import { runFile } from "@course/training/run_folder.ts";
import { train } from "@course/training/train.ts";
import { createRandom, normals } from "@course/random.ts";
import { float32, type HostTensor } from "@course/tensors.ts";
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import smoke from "../../configs/smoke.ts";
import { cpu, newRun, withFolder } from "./fixtures.ts";

const random = (shape: [number, number], seed: number) =>
  float32(shape, normals(createRandom(seed), shape[0] * shape[1]));
const matrixOf = ({ shape, data }: HostTensor) => Matrix.from1DArray(shape[0]!, shape[1]!, data);

/** Fails unless the matrix has the singular vectors of another, each with a value near 1. */
function assertOrthogonalised(matrix: Matrix, of: Matrix): void {
  const svd = new SingularValueDecomposition(of, { autoTranspose: true });
  // In the basis of the other's singular vectors it is diagonal.
  const values = svd.leftSingularVectors.transpose().mmul(matrix).mmul(svd.rightSingularVectors);
  for (let i = 0; i < values.rows; i++) {
    for (let j = 0; j < values.columns; j++) {
      const value = values.get(i, j);
      if (i !== j) assertAlmostEquals(value, 0, 1e-4);
      else assert(value > 0.6 && value < 1.25, `singular value ${i} is ${value}`);
    }
  }
}

Deno.test("`orthogonalise()` keeps singular vectors and brings singular values near 1", async () => {
  for (const shape of [[32, 8], [8, 32], [40, 24], [24, 40]] as [number, number][]) {
    const matrix = random(shape, shape[0]);
    const program = await compile(cpu, ({ m }) => ({ o: orthogonalise(m!) }), { m: matrix });
    for (const size of [1, 1e-3, 1e3]) {
      const m = float32(
        shape,
        matrix.data.map((value) => value * size) as Float32Array<ArrayBuffer>,
      );
      const { o } = await program.run({ m });
      assertOrthogonalised(matrixOf(o!), matrixOf(matrix));
    }
    await program.dispose();
  }
});

const HIDDEN = "blocks.0.mlp.0.weight";
const OTHERS = ["blocks.0.mlp.0.bias", "blocks.0.modulation.weight", "output.weight"];
const target = random([6, 12], 1);

/** Takes steps towards the target for every parameter; returns the losses and the last parameters. */
async function descend(optimizer: Optimizer, steps: number, learningRate: number) {
  const step = await compileTrainStep(cpu, {
    loss: (params, { target }) =>
      tf.addN(
        Object.values(params).map((param) =>
          tf.mean(tf.square(tf.sub(param, tf.reshape(target!, param.shape))))
        ),
      ) as tf.Scalar,
    params: Object.fromEntries(
      [HIDDEN, ...OTHERS].map((name, i) => {
        const start = random([6, 12], 10 + i);
        return [name, name.endsWith("bias") ? { ...start, shape: [72] } : start];
      }),
    ),
    batch: { target: { shape: [6, 12], dtype: "float32" } },
    optimizer,
  });
  const losses: number[] = [];
  for (let i = 0; i < steps; i++) losses.push((await step.run({ target }, { learningRate })).loss);
  const { tensors } = await step.save();
  await step.dispose();
  return { losses, param: (name: string) => tensors[`params/${name}`]! };
}

Deno.test("a step of `muon()` goes down the gradient by the same length in all directions", async () => {
  const learningRate = 0.01, weightDecay = 0.1;
  const { param } = await descend(muon({ weightDecay }), 1, learningRate);
  const start = matrixOf(random([6, 12], 10));
  const gradient = Matrix.sub(start, matrixOf(target));
  const change = Matrix.sub(
    Matrix.mul(start, 1 - learningRate * weightDecay),
    matrixOf(param(HIDDEN)),
  );
  // 0.2·√(longer side) makes it as large as AdamW's.
  assertOrthogonalised(Matrix.div(change, learningRate * 0.2 * Math.sqrt(12)), gradient);
});

Deno.test("`muon()` lowers a loss step by step", async () => {
  const { losses } = await descend(muon(), 40, 0.05);
  for (let i = 1; i < 20; i++) assert(losses[i]! < losses[i - 1]!, `step ${i}: ${losses[i]}`);
  assert(losses.at(-1)! < losses[0]! / 4, `from ${losses[0]} to ${losses.at(-1)}`);
});

Deno.test("`muon()` leaves all but the matrices inside blocks to AdamW", async () => {
  const options = { betas: [0.8, 0.95], epsilon: 1e-6, weightDecay: 0.1 } as const;
  const [ours, theirs] = [
    await descend(muon(options), 3, 0.05),
    await descend(adamw(options), 3, 0.05),
  ];
  for (const name of OTHERS) assertEquals(ours.param(name).data, theirs.param(name).data, name);
  assert(ours.param(HIDDEN).data[0] !== theirs.param(HIDDEN).data[0]);
});

Deno.test("`optimizer.kind` chooses the optimizer of a run", () =>
  withFolder(async (folder) => {
    const ends = [];
    for (const kind of ["adamw", "muon"] as const) {
      const config = extendConfig(smoke, { optimizer: { kind }, every: { samples: -1 } });
      const run = await newRun(`${folder}/${kind}`, config);
      const task = await createFlowTask(cpu, config, await loadImages(config));
      const result = await train(task, run, cpu);
      await result.dispose();
      await task.dispose();
      const losses = (await readMetrics(runFile(run, "metrics")))
        .filter((line) => line.kind === "heldout").map((line) => line.loss);
      assert(losses.at(-1)! < 0.95 * losses[0]!, `${kind}: ${losses}`);
      ends.push(losses.at(-1));
    }
    assert(ends[0] !== ends[1]);
  }));
