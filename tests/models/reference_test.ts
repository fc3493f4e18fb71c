import "@tensorflow/tfjs-backend-cpu";
import { assertAllClose, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { buildModel, type Model, type ModelConfig } from "../../lib/models/mod.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  fromPyTorch,
  toPyTorch,
  toTensors,
} from "../../lib/nn/mod.ts";

const CONFIGS: Record<string, ModelConfig> = {
  dit: {
    kind: "dit",
    imageShape: [8, 12, 3],
    classes: 5,
    width: 24,
    depth: 2,
    heads: 3,
    conditioningWidth: 40,
  },
  unet: { kind: "unet", imageShape: [8, 12, 2], classes: 5, width: 8, groups: 4 },
};

for (const [name, config] of Object.entries(CONFIGS)) {
  Deno.test(`${name} with weights from PyTorch computes what PyTorch computes`, async () => {
    const model = buildModel(config);
    const state = decodeSafetensors(await readFixture(`${name}.safetensors`)).tensors;
    const { output, ...inputs } = decodeSafetensors(
      await readFixture(`${name}_example.safetensors`),
    ).tensors;
    await tf.setBackend("cpu");
    tf.tidy(() => {
      const params = toTensors(fromPyTorch(state, model.params));
      const predicted = model.apply(params, toTensors(inputs) as never);
      assertEquals(predicted.shape, output!.shape);
      assertAllClose(predicted.dataSync(), output!.data, 1e-5, `output of ${name}`);
    });
  });

  Deno.test(`${name} weights from PyTorch survive the way here and back bit for bit`, async () => {
    const model: Model = buildModel(config);
    const state = decodeSafetensors(await readFixture(`${name}.safetensors`)).tensors;
    const again = decodeSafetensors(
      encodeSafetensors(toPyTorch(fromPyTorch(state, model.params), model.params)),
    ).tensors;
    for (const key of Object.keys(state)) assertEquals(again[key], state[key], key);
  });
}

function readFixture(file: string): Promise<Uint8Array> {
  return Deno.readFile(new URL(`./fixtures/${file}`, import.meta.url));
}
