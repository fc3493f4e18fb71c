import * as tf from "@tensorflow/tfjs-core";
import onnxProto from "onnx-proto";
import { exportOnnx, openOnnx } from "@course/engine/mod.ts";
import { compile, openDevice } from "@course/engine/mod.ts";
import { gelu, groupNorm, layerNorm, selfAttention } from "@course/engine/ops/mod.ts";
import { encodeModel } from "@course/engine/onnx_file.ts";
import { addInput, addNode, createGraph, setOutputs } from "@course/engine/graph.ts";
import { float32, type HostRecord, type TensorRecord } from "@course/tensors.ts";
import { assert, assertAllClose, assertEquals, assertRejects } from "@std/assert";
import { integers, random } from "./suite.ts";

const { onnx } = onnxProto;

Deno.test("`encodeModel()` writes what `onnx-proto` reads back", () => {
  const graph = createGraph();
  const x = addInput(graph, { name: "x", shape: [2, 3], dtype: "float32" });
  const result = { shape: [2, 3], dtype: "float32" as const };
  const [softmax] = addNode(graph, "Softmax", [x], [result], { axis: -1 });
  const [leaky] = addNode(graph, "LeakyRelu", [softmax!], [result], { alpha: { float: 0.25 } });
  const [custom] = addNode(graph, "Custom", [leaky!], [result], {
    list: [1, -2],
    text: { string: "ä" },
  }, "com.microsoft");
  setOutputs(graph, [["y", custom!]]);

  const model = onnx.ModelProto.decode(encodeModel(graph));
  assertEquals(Number(model.irVersion), 10);
  assertEquals(
    model.opsetImport.map(({ domain, version }) => [domain, Number(version)]),
    [["", 21], ["com.microsoft", 1]],
  );
  const { node, input, output } = model.graph!;
  assertEquals(node!.map(({ opType, domain }) => [opType, domain]), [
    ["Softmax", ""],
    ["LeakyRelu", ""],
    ["Custom", "com.microsoft"],
  ]);
  assertEquals(Number(node![0]!.attribute![0]!.i), -1);
  assertEquals(node![1]!.attribute![0]!.f, 0.25);
  assertEquals(node![2]!.attribute![0]!.ints!.map(Number), [1, -2]);
  assertEquals(new TextDecoder().decode(node![2]!.attribute![1]!.s!), "ä");
  for (const [value, name] of [[input![0]!, "x"], [output![0]!, "y"]] as const) {
    const { elemType, shape } = value.type!.tensorType!;
    assertEquals([value.name, elemType], [name, 1]);
    assertEquals(shape!.dim!.map(({ dimValue }) => Number(dimValue)), [2, 3]);
  }
});

/** A small network with a convolution, a transformer block and an embedding. */
function network({ image, label, ...params }: TensorRecord): TensorRecord {
  const { filter, qkv, out, table } = params;
  let y: tf.Tensor = tf.conv2d(image as tf.Tensor4D, filter as tf.Tensor4D, 2, 1);
  y = tf.image.resizeNearestNeighbor(gelu(groupNorm(y, 2)) as tf.Tensor4D, [8, 8]);
  y = tf.reshape(tf.avgPool(y as tf.Tensor4D, 2, 2, "valid"), [2, 16, 8]);
  y = tf.add(y, tf.reshape(tf.gather(table!, label!), [2, 1, 8]));
  const rows = tf.matMul(tf.reshape(layerNorm(y), [32, 8]), qkv!);
  y = selfAttention(tf.reshape(rows, [2, 16, 24]), 2);
  return { y: tf.matMul(tf.reshape(y, [32, 8]), out!), mean: tf.mean(y) };
}

const inputs: HostRecord = { image: random([2, 8, 8, 3]), label: integers(4, [2]) };
const constants: HostRecord = {
  filter: random([3, 3, 3, 8]),
  qkv: random([8, 24], 2),
  out: random([8, 5], 3),
  table: random([4, 8], 4),
};

Deno.test("an exported file uses standard operators only", () => {
  const model = onnx.ModelProto.decode(exportOnnx(network, inputs, { constants }));
  assertEquals(model.opsetImport.map(({ domain }) => domain), [""]);
  assertEquals(model.graph!.input!.map(({ name }) => name), ["image", "label"]);
  assertEquals(model.graph!.output!.map(({ name }) => name), ["y", "mean"]);
});

Deno.test("an exported file gives the same numbers in onnxruntime-web", async () => {
  const web = await import("onnxruntime-web");
  web.env.wasm.numThreads = 1;
  const device = await openDevice("cpu");
  const program = await compile(device, network, inputs, { constants });
  const expected = await program.run(inputs);
  await program.dispose();

  const session = await web.InferenceSession.create(exportOnnx(network, inputs, { constants }));
  const results = await session.run({
    image: new web.Tensor("float32", inputs.image!.data as Float32Array, [2, 8, 8, 3]),
    label: new web.Tensor("int32", inputs.label!.data as Int32Array, [2]),
  });
  for (const name of ["y", "mean"]) {
    const came = results[name]!;
    assertEquals([...came.dims], [...expected[name]!.shape]);
    assertAllClose(came.data as Float32Array, expected[name]!.data, 1e-4, name);
  }
  await session.release();
});

Deno.test("weights stored in half precision make the file smaller and change numbers as rounding does", async () => {
  const halves = exportOnnx(network, inputs, { constants, floats: "F16" });
  const stored = onnx.ModelProto.decode(halves).graph!.initializer!;
  // `qkv` is the only constant that is large enough to save anything, besides the filter.
  assertEquals(stored.filter(({ dataType }) => dataType === 10).length, 2);
  assert(halves.length < exportOnnx(network, inputs, { constants }).length - 500);

  const rounded = Object.fromEntries(
    Object.entries(constants).map(([name, { shape, data }]) => {
      return [name, float32(shape, new Float32Array(new Float16Array(data)))];
    }),
  );
  const program = await compile(await openDevice("cpu"), network, inputs, {
    constants: { ...constants, filter: rounded.filter!, qkv: rounded.qkv! },
  });
  const expected = await program.run(inputs);
  await program.dispose();
  const model = await openOnnx(halves);
  assertEquals(model.inputs.map(({ name, shape }) => [name, ...shape]), [
    ["image", 2, 8, 8, 3],
    ["label", 2],
  ]);
  const results = await model.run(
    {
      image: { data: inputs.image!.data as Float32Array<ArrayBuffer>, shape: [2, 8, 8, 3] },
      label: { data: inputs.label!.data as Int32Array<ArrayBuffer>, shape: [2] },
    },
    ["y"],
  );
  assertEquals(Object.keys(results), ["y"]);
  assertAllClose(results.y!.data as Float32Array, expected.y!.data, 1e-4);
  await model.dispose();
});

Deno.test("bytes that are no ONNX file are refused", async () => {
  await assertRejects(() => openOnnx(new Uint8Array(10)), "ONNX Runtime cannot load it");
});
