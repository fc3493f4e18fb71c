import * as tf from "@tensorflow/tfjs-core";
import type { GraphValue } from "../graph.ts";
import { addInitializer, addNode, addScalar } from "../graph.ts";
import type { TraceBackend } from "../trace_backend.ts";
import { reduce } from "./reductions.ts";
import type { KernelAttributes, KernelTable } from "./rule.ts";
import { multiplied, reshaped } from "./values.ts";
import type { Table } from "./windows.ts";
import { gatherRows, invertTable, sumRows, windowTable } from "./windows.ts";

/** Largest and mean value of windows of images `[B, H, W, C]`. */
export const poolingKernels: KernelTable = {
  MaxPool: (backend, { x }, attributes) => {
    const windows = poolingWindows(x!, attributes);
    const seen = seenByWindows(backend, x!, windows);
    const largest = reduce(backend, "ReduceMax", seen, [1]);
    return backend.wrap(reshaped(backend, largest, windows.outShape));
  },
  /** All of a window's gradient goes to its first largest pixel, as in tfjs. */
  MaxPoolGrad: (backend, { dy, input }, attributes) => {
    const windows = poolingWindows(input!, attributes);
    const seen = seenByWindows(backend, input!, windows);
    const [count, taps, channels] = seen.shape as [number, number, number];
    const position = { shape: [count, 1, channels], dtype: "int64" as const };
    const { graph } = backend;
    const [first] = addNode(graph, "ArgMax", [seen], [position], { axis: 1, keepdims: 1 });
    const order = BigInt64Array.from({ length: taps }, (_, tap) => BigInt(tap));
    const numbers = addInitializer(graph, [taps, 1], "int64", order);
    const mask = { shape: seen.shape, dtype: "bool" as const };
    const [isLargest] = addNode(graph, "Equal", [first!, numbers], [mask]);
    const gradient = reshaped(backend, backend.value(dy!), [count, 1, channels]);
    const choices = [isLargest!, gradient, addScalar(graph, 0)];
    const [given] = addNode(graph, "Where", choices, [{ shape: seen.shape, dtype: "float32" }]);
    return sumOfReaders(backend, given!, windowTable(windows), input!);
  },
  AvgPool: (backend, { x }, attributes) => {
    const windows = poolingWindows(x!, attributes);
    const table = windowTable(windows);
    const taps = windows.filterHeight * windows.filterWidth;
    const sums = sumRows(backend, pixelsOf(backend, x!), table, taps);
    const means = multiplied(backend, sums, sharesOf(backend, table, taps));
    return backend.wrap(reshaped(backend, means, windows.outShape));
  },
  AvgPoolGrad: (backend, { dy, input }, attributes) => {
    const windows = poolingWindows(input!, attributes);
    const table = windowTable(windows);
    const taps = windows.filterHeight * windows.filterWidth;
    const shares = multiplied(backend, pixelsOf(backend, dy!), sharesOf(backend, table, taps));
    // Every tap of a window is given the same, so the inverse table can read the windows themselves.
    const { table: inverse, most } = invertTable(table, windows.inHeight * windows.inWidth);
    const windowsRead = inverse.map((read) => read < 0 ? -1 : Math.floor(read / taps));
    const sums = sumRows(backend, shares, windowsRead, most);
    return backend.wrap(reshaped(backend, sums, input!.shape));
  },
};

function poolingWindows(x: tf.TensorInfo, attributes: KernelAttributes) {
  const { filterSize, strides, pad, dimRoundingMode } = attributes;
  const shape = x.shape as [number, number, number, number];
  return tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
}

/** `[B, H, W, C]` → `[B, H · W, C]`. */
function pixelsOf(backend: TraceBackend, x: tf.TensorInfo): GraphValue {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  return reshaped(backend, backend.value(x), [batch, height * width, channels]);
}

/** What each window sees, −∞ in the padding: `[B · outHeight · outWidth, taps, C]`. */
function seenByWindows(
  backend: TraceBackend,
  x: tf.TensorInfo,
  windows: tf.backend_util.Conv2DInfo,
): GraphValue {
  const { batchSize, outHeight, outWidth, filterHeight, filterWidth, inChannels } = windows;
  const table = windowTable(windows);
  const gathered = gatherRows(backend, pixelsOf(backend, x), table, -Infinity);
  const count = batchSize * outHeight * outWidth;
  return reshaped(backend, gathered, [count, filterHeight * filterWidth, inChannels]);
}

/** 1 / number of pixels each window sees, padding not counted: `[windows, 1]`. */
function sharesOf(backend: TraceBackend, table: Table, taps: number): GraphValue {
  const shares = new Float32Array(table.length / taps);
  for (let window = 0; window < shares.length; window++) {
    const seen = table.subarray(window * taps, (window + 1) * taps).filter((pixel) => pixel >= 0);
    shares[window] = 1 / seen.length;
  }
  if (shares.every((share) => share === shares[0])) return addScalar(backend.graph, shares[0]!);
  return addInitializer(backend.graph, [shares.length, 1], "float32", shares);
}

/** Sums over all windows that see a pixel of what they give it: `[…, taps, C]` → the shape of x. */
function sumOfReaders(
  backend: TraceBackend,
  given: GraphValue,
  table: Table,
  x: tf.TensorInfo,
): tf.TensorInfo {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const rows = reshaped(backend, given, [batch, table.length, channels]);
  const { table: inverse, most } = invertTable(table, height * width);
  return backend.wrap(reshaped(backend, sumRows(backend, rows, inverse, most), x.shape));
}
