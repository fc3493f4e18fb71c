import { assertAllClose, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { Device, DeviceName } from "@course/engine/mod.ts";
import { compile, compileTrainStep, openDevice } from "@course/engine/mod.ts";
import { bindingDevice } from "@course/engine/ort/binding_device.ts";
import { adamw } from "@course/training/optimizers.ts";
import { createRandom, normals } from "@course/random.ts";
import { float32 } from "@course/tensors.ts";
import * as tf from "@tensorflow/tfjs-core";

/** Tries to open a device; returns it or the reason why it is not there. */
async function attempt(name: DeviceName): Promise<{ device?: Device; reason: string }> {
  try {
    return { device: await openDevice(name), reason: "" };
  } catch (error) {
    return { reason: (error as Error).message };
  }
}

const cpu = await openDevice("cpu");

/** Loss and weights of a small network after five steps on a device. */
async function trainSmallNetwork(device: Device) {
  const random = createRandom(7);
  const layer = (shape: number[]) => float32(shape, normals(random, shape[0]! * shape[1]!));
  const step = await compileTrainStep(device, {
    loss: (params, batch) => {
      const hidden = tf.tanh(tf.matMul(batch.x!, params["a.weight"]!));
      return tf.mean(tf.squaredDifference(tf.matMul(hidden, params["b.weight"]!), batch.y!));
    },
    params: { "a.weight": layer([6, 8]), "b.weight": layer([8, 2]) },
    batch: { x: { shape: [5, 6], dtype: "float32" }, y: { shape: [5, 2], dtype: "float32" } },
    optimizer: adamw(),
    clipNorm: 1,
    ema: true,
  });
  const batch = {
    x: float32([5, 6], normals(random, 30)),
    y: float32([5, 2], normals(random, 10)),
  };
  const losses: number[] = [];
  for (let i = 0; i < 5; i++) {
    losses.push((await step.run(batch, { learningRate: 0.05, emaDecay: 0.9 })).loss);
  }
  const kept = Object.values(step.weights("params"));
  const onDevice = kept.every((value) => "read" in value);
  const { tensors } = await step.save();
  await step.dispose();
  return { losses, tensors, onDevice };
}

for (const name of ["webgpu", "cuda", "coreml", "dml", "tensorflow"] as const) {
  const { device, reason } = await attempt(name);
  Deno.test({
    name: device
      ? `device "${name}" trains to the numbers of the cpu, its state staying there between steps`
      : `device "${name}" is skipped: ${reason}`,
    ignore: !device,
    async fn() {
      const expected = await trainSmallNetwork(cpu);
      const actual = await trainSmallNetwork(device!);
      assertEquals(actual.onDevice, true);
      assertAllClose(actual.losses, expected.losses, 1e-4, "losses");
      for (const [key, tensor] of Object.entries(expected.tensors)) {
        assertAllClose(actual.tensors[key]!.data, tensor.data, 1e-4, key);
      }
    },
  });
}

Deno.test("a device that is not there says in one sentence what is missing", async () => {
  const missing = { linux: "coreml", windows: "coreml", darwin: "dml" } as const;
  const name = missing[Deno.build.os as "linux"] ?? "dml";
  const error = await assertRejects(() => openDevice(name), `Cannot open device "${name}": `);
  assertStringIncludes(error.message, "only; use cpu or webgpu");
});

Deno.test("an unknown device is refused with the list of devices", async () => {
  await assertRejects(() => openDevice("gpu" as DeviceName), "choose one of cpu, webgpu, cuda");
});

Deno.test("the Node binding, the cpu's fallback, trains to the same numbers", async () => {
  const expected = await trainSmallNetwork(cpu);
  const actual = await trainSmallNetwork(bindingDevice(2));
  assertAllClose(actual.losses, expected.losses, 1e-5);
  for (const [key, tensor] of Object.entries(expected.tensors)) {
    assertAllClose(actual.tensors[key]!.data, tensor.data, 1e-5, key);
  }
});

Deno.test("training leaves no memory behind: the state's two sets of buffers alternate", async () => {
  const program = await compile(cpu, ({ x }) => ({ y: tf.add(x!, 1) }), {
    x: { shape: [256, 256], dtype: "float32" },
  });
  const x = float32([256, 256]);
  for (let i = 0; i < 200; i++) await program.run({ x });
  const before = Deno.memoryUsage().rss;
  for (let i = 0; i < 400; i++) await program.run({ x });
  const grown = Deno.memoryUsage().rss - before;
  await program.dispose();
  // 400 results are 105 MB: all but a few must have been given back.
  assertEquals(grown < 60e6, true, `memory grew by ${(grown / 1e6).toFixed(0)} MB`);
});
