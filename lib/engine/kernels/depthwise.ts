import type { GraphValue } from "../graph.ts";
import { addNode } from "../graph.ts";
import type { TraceBackend } from "../trace_backend.ts";
import { convolutionWindows } from "./convolution.ts";
import { reduce } from "./reductions.ts";
import type { KernelTable } from "./rule.ts";
import { multiplied, reshaped, transposed } from "./values.ts";
import type { Windows } from "./windows.ts";
import { convolutionAttributes, gatherRows, invertTable, sumRows, windowTable } from "./windows.ts";

/** Convolutions of each channel alone: images `[B, H, W, C]`, filters `[height, width, C, multiplier]`. */
export const depthwiseKernels: KernelTable = {
  DepthwiseConv2dNative: (backend, { x, filter }, attributes) => {
    const windows = convolutionWindows(x!.shape, filter!.shape, attributes, true);
    const { outHeight, outWidth, inChannels, outChannels, batchSize } = windows;
    const [height, width] = filter!.shape as [number, number];
    const oihw = transposed(backend, backend.value(filter!), [2, 3, 0, 1]);
    const inputs = [
      transposed(backend, backend.value(x!), [0, 3, 1, 2]),
      reshaped(backend, oihw, [outChannels, 1, height, width]),
    ];
    const result = {
      shape: [batchSize, outChannels, outHeight, outWidth],
      dtype: "float32" as const,
    };
    const settings = { ...convolutionAttributes(windows), group: inChannels };
    const [y] = addNode(backend.graph, "Conv", inputs, [result], settings);
    return backend.wrap(transposed(backend, y!, [0, 2, 3, 1]));
  },
  DepthwiseConv2dNativeBackpropInput: (backend, { dy, filter }, attributes) => {
    const { inputShape } = attributes;
    const windows = convolutionWindows(inputShape, filter!.shape, attributes, true);
    const [height, width, channels, multiplier] = filter!.shape as [number, number, number, number];
    // What each output pixel gives to each tap, then a sum for each input pixel of what it was given.
    const outputs = outputsPerTap(backend, backend.value(dy!), windows, channels, multiplier);
    const taps = reshaped(backend, backend.value(filter!), [
      1,
      height * width,
      channels,
      multiplier,
    ]);
    const given = reduce(backend, "ReduceSum", multiplied(backend, outputs, taps), [3]);
    const pixels = windows.outHeight * windows.outWidth;
    const rows = reshaped(backend, given, [
      windows.batchSize,
      pixels * height * width,
      channels,
    ]);
    const { table, most } = invertTable(windowTable(windows), windows.inHeight * windows.inWidth);
    return backend.wrap(reshaped(backend, sumRows(backend, rows, table, most), inputShape));
  },
  DepthwiseConv2dNativeBackpropFilter: (backend, { x, dy }, attributes) => {
    const { filterShape } = attributes;
    const windows = convolutionWindows(x!.shape, filterShape, attributes, true);
    const [height, width, channels, multiplier] = filterShape;
    const { batchSize, inHeight, inWidth, outHeight, outWidth } = windows;
    const pixels = reshaped(backend, backend.value(x!), [batchSize, inHeight * inWidth, channels]);
    const columns = reshaped(
      backend,
      gatherRows(backend, pixels, windowTable(windows)),
      [batchSize * outHeight * outWidth, height * width, channels, 1],
    );
    const outputs = outputsPerTap(backend, backend.value(dy!), windows, channels, multiplier);
    const gradient = reduce(backend, "ReduceSum", multiplied(backend, columns, outputs), [0]);
    return backend.wrap(reshaped(backend, gradient, filterShape));
  },
};

/** `[B, outHeight, outWidth, C · multiplier]` → `[B · outHeight · outWidth, 1, C, multiplier]`. */
function outputsPerTap(
  backend: TraceBackend,
  dy: GraphValue,
  { batchSize, outHeight, outWidth }: Windows & { batchSize: number },
  channels: number,
  multiplier: number,
): GraphValue {
  return reshaped(backend, dy, [batchSize * outHeight * outWidth, 1, channels, multiplier]);
}
