import * as tf from "@tensorflow/tfjs-core";
import { sizeOf } from "../../tensors.ts";
import type { GraphValue } from "../graph.ts";
import { addNode } from "../graph.ts";
import type { TraceBackend } from "../trace_backend.ts";
import { blockedConvolution, canBlock } from "./blocked.ts";
import { product } from "./matmul.ts";
import type { KernelAttributes, KernelTable } from "./rule.ts";
import { reshaped, reversed, transposed } from "./values.ts";
import type { Windows } from "./windows.ts";
import { convolutionAttributes, gatherRows, invertTable, sumRows, windowTable } from "./windows.ts";

/**
 * Convolutions of images `[B, H, W, C]` with filters `[height, width, in, out]`, and their gradients.
 *
 * Ways to compute them: 3×3, batch 64, ms of processor time on one core with AVX-512, measured in turn:
 *
 * |                                              | 28×28, 64→64 | 14×14, 128→128 | 7×7, 128→128 |
 * | -------------------------------------------- | -----------: | -------------: | -----------: |
 * | Transpose, Conv, Transpose                   |           42 |             36 |         11.1 |
 * | columns by Gather, MatMul                    |           50 |             35 |          7.8 |
 * | blocked layout: Reorder, Conv, Reorder       |           26 |             20 |          6.1 |
 * | filter gradient: columns by Slice, Gemm      |           82 |             51 |         13.0 |
 * | filter gradient: columns by Gather, Gemm     |           49 |             37 |          9.7 |
 * | filter gradient: columns of the results      |           66 |             46 |         11.0 |
 *
 * So: blocked where ONNX Runtime has that layout (see blocked.ts), else Conv; the gradient of the input is a
 * convolution again; the gradient of the filter is made of columns; a 1×1 filter is a plain product.
 */
export const convolutionKernels: KernelTable = {
  Conv2D: (backend, { x, filter }, attributes) => {
    const windows = convolutionWindows(x!.shape, filter!.shape, attributes);
    return backend.wrap(convolve(backend, backend.value(x!), backend.value(filter!), windows));
  },
  // Also the transposed convolution.
  Conv2DBackpropInput: (backend, { dy, filter }, attributes) => {
    const windows = convolutionWindows(attributes.inputShape, filter!.shape, attributes);
    return backend.wrap(spread(backend, backend.value(dy!), backend.value(filter!), windows));
  },
  Conv2DBackpropFilter: (backend, { x, dy }, attributes) => {
    const windows = convolutionWindows(x!.shape, attributes.filterShape, attributes);
    return backend.wrap(
      filterGradient(
        backend,
        backend.value(x!),
        backend.value(dy!),
        attributes.filterShape,
        windows,
      ),
    );
  },
};

/** Sizes of a convolution's windows; only channels-last images are taken. */
export function convolutionWindows(
  shape: number[],
  filterShape: number[],
  { strides, pad, dilations = 1, dimRoundingMode, dataFormat }: KernelAttributes,
  depthwise = false,
): tf.backend_util.Conv2DInfo {
  if (dataFormat && dataFormat !== "NHWC") {
    throw new Error(
      `Cannot compile a convolution of ${dataFormat} images: transpose them to NHWC first`,
    );
  }
  return tf.backend_util.computeConv2DInfo(
    shape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides,
    dilations,
    pad,
    dimRoundingMode,
    depthwise,
    "channelsLast",
  );
}

/** Every window's product with the filter: `[B, H, W, in]` → `[B, outHeight, outWidth, out]`. */
function convolve(
  backend: TraceBackend,
  x: GraphValue,
  filter: GraphValue,
  windows: Windows,
): GraphValue {
  const [inChannels, outChannels] = filter.shape.slice(2) as [number, number];
  if (isPointwise(windows)) {
    const matrix = reshaped(backend, filter, [inChannels, outChannels]);
    const y = product(backend, flat(backend, x), matrix);
    return reshaped(backend, y, [...x.shape.slice(0, 3), outChannels]);
  }
  if (!isStandard(windows)) {
    const matrix = reshaped(backend, filter, [sizeOf(filter.shape) / outChannels, outChannels]);
    const y = product(backend, columnsOf(backend, x, windows), matrix);
    return reshaped(backend, y, [x.shape[0]!, windows.outHeight, windows.outWidth, outChannels]);
  }
  if (canBlock(backend.graph, inChannels)) {
    return blockedConvolution(backend, x, filter, windows);
  }
  const { outHeight, outWidth } = windows;
  const result = {
    shape: [x.shape[0]!, outChannels, outHeight, outWidth],
    dtype: "float32",
  } as const;
  const inputs = [transposed(backend, x, [0, 3, 1, 2]), transposed(backend, filter, [3, 2, 0, 1])];
  const [y] = addNode(backend.graph, "Conv", inputs, [result], convolutionAttributes(windows));
  return transposed(backend, y!, [0, 2, 3, 1]);
}

/** The transpose of {@linkcode convolve}: `[B, outHeight, outWidth, out]` → `[B, H, W, in]`. */
function spread(
  backend: TraceBackend,
  dy: GraphValue,
  filter: GraphValue,
  windows: Windows,
): GraphValue {
  const [inChannels, outChannels] = filter.shape.slice(2) as [number, number];
  const { inHeight, inWidth, outHeight, outWidth, filterHeight, filterWidth } = windows;
  const mirrored = mirroredWindows(windows);
  if (mirrored) {
    // With stride 1 it is a convolution again, with the filter turned by half a turn.
    const turned = isPointwise(windows) ? filter : reversed(backend, filter, [0, 1]);
    return convolve(backend, dy, transposed(backend, turned, [0, 1, 3, 2]), mirrored);
  }
  // What each output pixel gives to each tap, then a sum for each input pixel of what it was given.
  const batch = dy.shape[0]!, taps = filterHeight * filterWidth;
  const matrix = transposed(backend, reshaped(backend, filter, [taps * inChannels, outChannels]), [
    1,
    0,
  ]);
  const given = product(backend, flat(backend, dy), matrix);
  const rows = reshaped(backend, given, [batch, outHeight * outWidth * taps, inChannels]);
  const { table, most } = invertTable(windowTable(windows), inHeight * inWidth);
  const sums = sumRows(backend, rows, table, most);
  return reshaped(backend, sums, [batch, inHeight, inWidth, inChannels]);
}

/** The filter's gradient: one product of what every window saw with what its result is due. */
function filterGradient(
  backend: TraceBackend,
  x: GraphValue,
  dy: GraphValue,
  shape: readonly [number, number, number, number],
  windows: Windows,
): GraphValue {
  const [height, width, inChannels, outChannels] = shape;
  const mirrored = mirroredWindows(windows);
  if (isPointwise(windows) || !mirrored || outChannels * 4 > inChannels) {
    const seen = isPointwise(windows) ? flat(backend, x) : columnsOf(backend, x, windows);
    const gradient = product(backend, seen, flat(backend, dy), { transposeA: true });
    return reshaped(backend, gradient, shape);
  }
  // With few results it is cheaper to lay out, for every input pixel, the results it took part in.
  const due = columnsOf(backend, dy, mirrored);
  const gradient = product(backend, flat(backend, x), due, { transposeA: true });
  const taps = reshaped(backend, gradient, [inChannels, height, width, outChannels]);
  return transposed(backend, reversed(backend, taps, [1, 2]), [1, 2, 0, 3]);
}

/** What every window sees, one row per window: `[B · outHeight · outWidth, taps · C]`. */
function columnsOf(backend: TraceBackend, x: GraphValue, windows: Windows): GraphValue {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const pixels = reshaped(backend, x, [batch, height * width, channels]);
  const { outHeight, outWidth, filterHeight, filterWidth } = windows;
  const gathered = gatherRows(backend, pixels, windowTable(windows));
  const taps = filterHeight * filterWidth;
  return reshaped(backend, gathered, [batch * outHeight * outWidth, taps * channels]);
}

/** Windows of the convolution that spreads results back over the input; undefined where there is none. */
function mirroredWindows(windows: Windows): Windows | undefined {
  const { inHeight, inWidth, outHeight, outWidth, padInfo } = windows;
  if (windows.strideHeight !== 1 || windows.strideWidth !== 1) return undefined;
  const reachHeight = (windows.filterHeight - 1) * windows.dilationHeight;
  const reachWidth = (windows.filterWidth - 1) * windows.dilationWidth;
  const top = reachHeight - padInfo.top, left = reachWidth - padInfo.left;
  const bottom = inHeight - outHeight + reachHeight - top;
  const right = inWidth - outWidth + reachWidth - left;
  if (Math.min(top, left, bottom, right) < 0) return undefined;
  return {
    ...windows,
    inHeight: outHeight,
    inWidth: outWidth,
    outHeight: inHeight,
    outWidth: inWidth,
    padInfo: { ...padInfo, top, left, bottom, right },
  };
}

/** Whether every window is exactly one pixel, in order: then the convolution is one matrix product. */
function isPointwise(windows: Windows): boolean {
  return windows.filterHeight === 1 && windows.filterWidth === 1 &&
    windows.inHeight === windows.outHeight && windows.inWidth === windows.outWidth;
}

/** Whether ONNX counts as many windows: tfjs takes the filter's height for its width if padding is a number. */
function isStandard(windows: Windows): boolean {
  const { top, left, bottom, right } = windows.padInfo;
  const count = (size: number, filter: number, stride: number, dilation: number) =>
    Math.floor((size - (filter - 1) * dilation - 1) / stride) + 1;
  const { inHeight, filterHeight, strideHeight, dilationHeight } = windows;
  const { inWidth, filterWidth, strideWidth, dilationWidth } = windows;
  return windows.outHeight ===
      count(inHeight + top + bottom, filterHeight, strideHeight, dilationHeight) &&
    windows.outWidth === count(inWidth + left + right, filterWidth, strideWidth, dilationWidth);
}

/** `[B, H, W, C]` → `[B · H · W, C]`. */
function flat(backend: TraceBackend, x: GraphValue): GraphValue {
  const channels = x.shape[3]!;
  return reshaped(backend, x, [x.shape[0]! * x.shape[1]! * x.shape[2]!, channels]);
}
