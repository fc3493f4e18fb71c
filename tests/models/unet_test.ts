import "@tensorflow/tfjs-backend-cpu";
import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { buildModel } from "../../lib/models/mod.ts";
import { countParameters, initialise, toTensors } from "../../lib/nn/mod.ts";
import { createRandom } from "../../lib/random.ts";

await tf.setBackend("cpu");

Deno.test("the default unet has about 1.8 M parameters", () => {
  const model = buildModel({ kind: "unet", imageShape: [28, 28, 1] });
  const count = countParameters(model.params);
  assert(count > 1.75e6 && count < 1.85e6, `${count} parameters`);
  const withClasses = buildModel({ kind: "unet", imageShape: [28, 28, 1], classes: 10 });
  assertEquals(countParameters(withClasses.params) - count, 11 * 256);
});

Deno.test("a fresh unet predicts zero, with and without classes", () => {
  const x = tf.ones([2, 12, 8, 3]), t = tf.tensor1d([0, 1]);
  for (const classes of [0, 4]) {
    const model = buildModel({
      kind: "unet",
      imageShape: [12, 8, 3],
      classes,
      width: 8,
      groups: 4,
    });
    const params = toTensors(initialise(model.params, createRandom(1)));
    const label = tf.tensor1d([0, classes], "int32");
    const output = model.apply(params, classes > 0 ? { x, t, label } : { x, t });
    assertEquals(output.shape, x.shape);
    assert(output.dataSync().every((value) => value === 0));
  }
});
