import { float32 } from "../../tensors.ts";
import { addInput, addNode, createGraph, setOutputs } from "../graph.ts";
import { BLOCKED_DOMAIN } from "../kernels/blocked.ts";
import { createSession } from "./session.ts";
import { allocateHost, releaseTensor, wrapHost } from "./tensor.ts";

let found: Promise<number> | undefined;

/**
 * Channels per block of ONNX Runtime's own image layout on this processor: 16 with AVX-512, 8 with AVX,
 * 0 where it has none. ONNX Runtime rewrites convolutions to that layout itself, but only where the
 * filter is constant; while training it is not, so the kernels have to ask for it.
 */
export function findChannelBlock(): Promise<number> {
  found ??= probe().catch(() => 0);
  return found;
}

/** One pixel with four channels comes back with a whole block of them: its size is the answer. */
async function probe(): Promise<number> {
  const graph = createGraph();
  const pixel = addInput(graph, { name: "pixel", shape: [1, 1, 1, 4], dtype: "float32" });
  const blocked = { shape: [1, 16, 1, 1], dtype: "float32" } as const;
  const attributes = { channels_last: 1 };
  const [value] = addNode(graph, "ReorderInput", [pixel], [blocked], attributes, BLOCKED_DOMAIN);
  const [shape] = addNode(graph, "Shape", [value!], [{ shape: [4], dtype: "int64" }]);
  const result = { shape: [4], dtype: "int32" } as const;
  const [numbers] = addNode(graph, "Cast", [shape!], [result], { to: 6 });
  setOutputs(graph, [["shape", numbers!]]);

  const session = await createSession(graph, { threads: 1 });
  const input = wrapHost(float32([1, 1, 1, 4]));
  const output = allocateHost(result);
  try {
    await session.run({ pixel: input }, { shape: output });
    return output.data![1]!;
  } finally {
    [input, output].forEach(releaseTensor);
    await session.dispose();
  }
}
