import type { Graph, GraphValue } from "../graph.ts";
import { addNode } from "../graph.ts";
import type { TraceBackend } from "../trace_backend.ts";
import { padded, reshaped, transposed } from "./values.ts";
import type { Windows } from "./windows.ts";
import { convolutionAttributes } from "./windows.ts";

/** Operators that work on images whose channels are stored in blocks. */
export const BLOCKED_DOMAIN = "com.microsoft.nchwc";

/** Whether a convolution of this many channels gains from ONNX Runtime's blocked layout on this machine. */
export function canBlock(graph: Graph, channels: number): boolean {
  // Channels are filled up to whole blocks, so too few of them would mostly multiply zeros.
  return graph.channelBlock > 0 && channels % 4 === 0 && 2 * channels >= graph.channelBlock;
}

/**
 * A convolution in the layout that the processor's vector units like: `[B, C / block, H, W, block]`, and
 * filters `[out / block, in / block, height, width, block of in, block of out]`. ONNX Runtime does this by
 * itself for constant filters only; see `findChannelBlock()`.
 */
export function blockedConvolution(
  backend: TraceBackend,
  x: GraphValue,
  filter: GraphValue,
  windows: Windows,
): GraphValue {
  const { graph } = backend;
  const [batch, height, width] = x.shape as [number, number, number, number];
  const outChannels = filter.shape[3]!;
  const { outHeight, outWidth } = windows;
  const record = (
    op: string,
    inputs: GraphValue[],
    shape: number[],
    attributes: Record<string, number | number[]>,
  ) => addNode(graph, op, inputs, [{ shape, dtype: "float32" }], attributes, BLOCKED_DOMAIN)[0]!;

  const blocks = blockedFilter(backend, filter);
  const [outFull, inFull] = blocks.shape as [number, number];
  const blockedX = record("ReorderInput", [x], [batch, inFull, height, width], {
    channels_last: 1,
  });
  const blockedY = record("Conv", [blockedX, blocks], [batch, outFull, outHeight, outWidth], {
    ...convolutionAttributes(windows),
    group: 1,
  });
  return record("ReorderOutput", [blockedY], [batch, outHeight, outWidth, outChannels], {
    channels: outChannels,
    channels_last: 1,
  });
}

/** `[height, width, in, out]` in blocks, filled up with zeros; said to have shape `[out, in, height, width]`. */
function blockedFilter(backend: TraceBackend, filter: GraphValue): GraphValue {
  const [height, width, inChannels, outChannels] = filter.shape as [number, number, number, number];
  const block = backend.graph.channelBlock;
  const [inBlocks, outBlocks] = [inChannels, outChannels].map((size) =>
    Math.ceil(size / block)
  ) as [
    number,
    number,
  ];
  const full = padded(backend, filter, [
    [0, 0],
    [0, 0],
    [0, inBlocks * block - inChannels],
    [0, outBlocks * block - outChannels],
  ]);
  const split = reshaped(backend, full, [height, width, inBlocks, block, outBlocks, block]);
  const ordered = transposed(backend, split, [4, 2, 0, 1, 3, 5]);
  return reshaped(backend, ordered, [outBlocks * block, inBlocks * block, height, width]);
}
