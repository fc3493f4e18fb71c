import type * as tf from "@tensorflow/tfjs-core";
import type { GraphValue } from "../graph.ts";
import { addInitializer, addNode } from "../graph.ts";
import type { TraceBackend } from "../trace_backend.ts";
import type { KernelAttributes, KernelTable } from "./rule.ts";
import { reshaped, transposed } from "./values.ts";
import type { Table } from "./windows.ts";
import { gatherRows, invertTable, sumRows } from "./windows.ts";

/** Images `[B, H, W, C]` at another size, and pixels to channels and back. */
export const resizeKernels: KernelTable = {
  ResizeNearestNeighbor: (backend, { images }, attributes) => {
    const [batch, height, width, channels] = images!.shape as [number, number, number, number];
    const pixels = reshaped(backend, backend.value(images!), [batch, height * width, channels]);
    const rows = gatherRows(backend, pixels, nearestTable(height, width, attributes));
    return backend.wrap(reshaped(backend, rows, [batch, ...attributes.size, channels]));
  },
  ResizeNearestNeighborGrad: (backend, { images, dy }, attributes) => {
    const [batch, height, width, channels] = images!.shape as [number, number, number, number];
    const size = dy!.shape.slice(1, 3) as [number, number];
    const rows = reshaped(backend, backend.value(dy!), [batch, size[0] * size[1], channels]);
    const nearest = nearestTable(height, width, { ...attributes, size });
    const { table, most } = invertTable(nearest, height * width);
    return backend.wrap(reshaped(backend, sumRows(backend, rows, table, most), images!.shape));
  },
  // Linear along each axis: a small matrix from the left, once for rows and once for columns.
  ResizeBilinear: (backend, { images }, attributes) => {
    const [, height, width] = images!.shape as [number, number, number];
    const rows = linearMatrix(height, attributes.size[0], attributes);
    const columns = linearMatrix(width, attributes.size[1], attributes);
    return resampled(backend, images!, rows, columns);
  },
  ResizeBilinearGrad: (backend, { images, dy }, attributes) => {
    const [, height, width] = images!.shape as [number, number, number];
    const rows = flipped(linearMatrix(height, dy!.shape[1]!, attributes));
    const columns = flipped(linearMatrix(width, dy!.shape[2]!, attributes));
    return resampled(backend, dy!, rows, columns);
  },
  DepthToSpace: (backend, { x }, { blockSize, dataFormat }) => {
    if (dataFormat !== "NHWC") {
      throw new Error(`depthToSpace() takes NHWC images, not ${dataFormat}`);
    }
    const [batch, height, width, channels] = x!.shape as [number, number, number, number];
    const rest = channels / blockSize ** 2;
    const split = [batch, height, width, blockSize, blockSize, rest];
    const blocks = reshaped(backend, backend.value(x!), split);
    const ordered = transposed(backend, blocks, [0, 1, 3, 2, 4, 5]);
    const shape = [batch, height * blockSize, width * blockSize, rest];
    return backend.wrap(reshaped(backend, ordered, shape));
  },
};

/** Size of one axis before and after, as tfjs relates them. */
function ratio(from: number, to: number, alignCorners: boolean): number {
  return alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to;
}

/** The pixel of an image of `height` × `width` that lies nearest to each pixel of the new one. */
function nearestTable(
  height: number,
  width: number,
  { size, alignCorners, halfPixelCenters }: KernelAttributes,
): Table {
  const nearest = (from: number, to: number) =>
    Array.from({ length: to }, (_, index) => {
      const position = (index + (halfPixelCenters ? 0.5 : 0)) * ratio(from, to, alignCorners);
      return Math.min(from - 1, alignCorners ? Math.round(position) : Math.floor(position));
    });
  const columns = nearest(width, size[1]);
  const rows = nearest(height, size[0]);
  return Int32Array.from(rows.flatMap((row) => columns.map((column) => row * width + column)));
}

/** A matrix in row-major order. */
interface Matrix {
  rows: number;
  columns: number;
  data: Float32Array<ArrayBuffer>;
}

/** The matrix that interpolates `from` values linearly at `to` places. */
function linearMatrix(
  from: number,
  to: number,
  { alignCorners, halfPixelCenters }: KernelAttributes,
): Matrix {
  const data = new Float32Array(to * from);
  for (let index = 0; index < to; index++) {
    const centre = halfPixelCenters ? 0.5 : 0;
    const position = (index + centre) * ratio(from, to, alignCorners) - centre;
    const before = Math.max(0, Math.floor(position));
    const after = Math.min(from - 1, Math.ceil(position));
    const share = position - before;
    data[index * from + before]! += 1 - share;
    data[index * from + after]! += share;
  }
  return { rows: to, columns: from, data };
}

function flipped({ rows, columns, data }: Matrix): Matrix {
  const turned = data.map((_, i) => data[(i % rows) * columns + Math.floor(i / rows)]!);
  return { rows: columns, columns: rows, data: turned };
}

/** Multiplies the rows of `[B, H, W, C]` images by one matrix and their columns by another. */
function resampled(
  backend: TraceBackend,
  images: tf.TensorInfo,
  rows: Matrix,
  columns: Matrix,
): tf.TensorInfo {
  const [batch, height, width, channels] = images.shape as [number, number, number, number];
  const lines = reshaped(backend, backend.value(images), [batch, height, width * channels]);
  const stretched = fromLeft(backend, rows, lines);
  const pixels = reshaped(backend, stretched, [batch * rows.rows, width, channels]);
  const shape = [batch, rows.rows, columns.rows, channels];
  return backend.wrap(reshaped(backend, fromLeft(backend, columns, pixels), shape));
}

function fromLeft(backend: TraceBackend, { rows, columns, data }: Matrix, value: GraphValue) {
  const matrix = addInitializer(backend.graph, [rows, columns], "float32", data);
  const result = { shape: [value.shape[0]!, rows, value.shape[2]!], dtype: value.dtype };
  return addNode(backend.graph, "MatMul", [matrix, value], [result])[0]!;
}
