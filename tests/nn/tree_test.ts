import "@tensorflow/tfjs-backend-cpu";
import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { addPrefix, parameter, takePrefix, toTensors } from "../../lib/nn/mod.ts";
import { float32, int32 } from "../../lib/tensors.ts";

Deno.test("`takePrefix()` undoes `addPrefix()` and leaves other entries out", () => {
  const block = { "mlp.0.weight": 1, "mlp.0.bias": 2 };
  const whole = { ...addPrefix(block, "blocks.1"), ...addPrefix({ weight: 3 }, "blocks.10") };
  assertEquals(Object.keys(whole), [
    "blocks.1.mlp.0.weight",
    "blocks.1.mlp.0.bias",
    "blocks.10.weight",
  ]);
  assertEquals(takePrefix(whole, "blocks.1"), block);
});

Deno.test("`parameter()` names the relatives of a parameter that is missing", () => {
  const params = toTensors({ "blocks.0.mlp.0.weight": float32([1]) });
  assertThrows(
    () => parameter(params, "blocks.0.mlp.1.weight"),
    'Parameter "blocks.0.mlp.1.weight" is missing: there are blocks.0.mlp.0.weight',
  );
  assertThrows(() => parameter({}, "a.weight"), "the record has none like it");
});

Deno.test("`toTensors()` keeps shapes, types and numbers", async () => {
  await tf.setBackend("cpu");
  const { a, b } = toTensors({ a: float32([2, 1], [0.5, -1]), b: int32([2], [3, 4]) });
  assertEquals([a!.shape, a!.dtype, [...a!.dataSync()]], [[2, 1], "float32", [0.5, -1]]);
  assertEquals([b!.shape, b!.dtype, [...b!.dataSync()]], [[2], "int32", [3, 4]]);
});
