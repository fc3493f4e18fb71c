import { compile, exportOnnx } from "@course/engine/mod.ts";
import { addPrefix, initialise } from "@course/nn/mod.ts";
import { createRandom, normals } from "@course/random.ts";
import { float32, type HostRecord, int32 } from "@course/tensors.ts";
import { extendConfig, type TrainConfig } from "@course/training/config.ts";
import { loadCheckpoint } from "@course/training/checkpoint.ts";
import { runExport } from "@course/training/export_cli.ts";
import { createFlowTask, loadImages } from "@course/training/flow_task.ts";
import { train } from "@course/training/train.ts";
import { modelFor, modelOf, weightsOf } from "@course/training/trained_model.ts";
import { velocityFunction } from "@course/training/velocity_function.ts";
import {
  assertAllClose,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import smoke from "../../configs/smoke.ts";
import { cpu, newRun, withFolder } from "./fixtures.ts";

/** A run of a few steps; returns its folder and its last checkpoint. */
async function trained(folder: string, config: TrainConfig) {
  const run = await newRun(folder, config);
  const task = await createFlowTask(cpu, config, await loadImages(config));
  const result = await train(task, run, cpu);
  await result.dispose();
  await task.dispose();
  return { path: run.path, checkpoint: await loadCheckpoint(result.checkpoint) };
}

for (const prediction of ["velocity", "data"] as const) {
  Deno.test(`an exported model with ${prediction} prediction gives our numbers in onnxruntime-web`, () =>
    withFolder(async (folder) => {
      const config = extendConfig(smoke, { steps: 4, objective: { prediction } });
      const { path, checkpoint } = await trained(folder, config);
      const file = `${folder}/smoke.onnx`, printed: string[] = [];
      await runExport([path, "--out", file, "--batch", "2"], (line) => printed.push(line));

      const model = modelOf(config, checkpoint);
      const { fn, inputs } = velocityFunction(model, { prediction, count: 2, guided: true });
      const constants = addPrefix(weightsOf(checkpoint, "ema"), "weights");
      const program = await compile(cpu, fn, inputs, { constants });
      const values: HostRecord = {
        x: float32([2, 28, 28, 1], normals(createRandom(1), 2 * 784)),
        t: float32([2], [0.9, 0.3]),
        label: int32([2], [3, 10]),
        scale: float32([], [2.5]),
      };
      const expected = await program.run(values);
      await program.dispose();

      const web = await import("onnxruntime-web");
      web.env.wasm.numThreads = 1;
      const session = await web.InferenceSession.create(await Deno.readFile(file));
      assertEquals([...session.inputNames], Object.keys(values));
      const results = await session.run(Object.fromEntries(
        Object.entries(values).map(([name, { dtype, data, shape }]) => [
          name,
          new web.Tensor(dtype, data, [...shape]),
        ]),
      ));
      assertEquals([...results.velocity!.dims], [2, 28, 28, 1]);
      assertAllClose(results.velocity!.data as Float32Array, expected.velocity!.data, 1e-4);
      await session.release();

      const text = printed.join("\n");
      assertMatch(text, /step 4, is in .+smoke\.onnx \(0\.1 MB\)/);
      assertMatch(text, / x +float32\[2, 28, 28, 1\] /);
      assertMatch(text, / label +int32\[2\] +class, or 10 for any/);
      assertStringIncludes(text, 'ort.InferenceSession.create("smoke.onnx")');
      assertStringIncludes(text, 'scale: new ort.Tensor("float32", scale, [])');
    }));
}

Deno.test("a model without classes takes neither label nor guidance scale", async () => {
  const model = modelFor(smoke, { imageShape: [28, 28, 1], classes: [] });
  const { fn, inputs } = velocityFunction(model, { count: 1, guided: false });
  assertEquals(Object.keys(inputs), ["x", "t"]);
  const params = initialise(model.params, createRandom(1));
  const file = exportOnnx(fn, inputs, { constants: addPrefix(params, "weights") });
  const session = await (await import("onnxruntime-web")).InferenceSession.create(file);
  assertEquals([...session.inputNames], ["x", "t"]);
  await session.release();
});

Deno.test("what cannot be exported is refused in a sentence", () =>
  withFolder(async (folder) => {
    const { path } = await newRun(folder);
    await assertRejects(() => runExport([path]), `The run in ${path} has no checkpoint yet`);
    await assertRejects(() => runExport([path, "--out", "a.png"]), "expected an .onnx file");
    await assertRejects(() => runExport([path, "--batch", "0"]), "expected a whole number from 1");
    await assertRejects(() => runExport([`${folder}/none`]), "There is no run in");
  }));
