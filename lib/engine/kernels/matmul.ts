import * as tf from "@tensorflow/tfjs-core";
import type { DType } from "../../tensors.ts";
import type { GraphValue } from "../graph.ts";
import { addNode } from "../graph.ts";
import type { TraceBackend } from "../trace_backend.ts";
import type { KernelTable } from "./rule.ts";
import { reshaped, transposed } from "./values.ts";

/** Matrix products. */
export const matmulKernels: KernelTable = {
  BatchMatMul: (backend, { a, b }, { transposeA, transposeB }) => {
    const [rowsA, columnsA] = a!.shape.slice(-2) as [number, number];
    const [rowsB, columnsB] = b!.shape.slice(-2) as [number, number];
    const batch = tf.broadcast_util.assertAndGetBroadcastShape(
      a!.shape.slice(0, -2),
      b!.shape.slice(0, -2),
    );
    const shape = [
      ...batch,
      transposeA ? columnsA : rowsA,
      transposeB ? rowsB : columnsB,
    ];
    const [left, right] = [backend.value(a!), backend.value(b!)];
    const flat = batch.every((size) => size === 1);
    if (!flat) return batchedProduct(backend, left, right, shape, transposeA, transposeB);
    const [matrixA, matrixB] = [left, right].map((value) =>
      reshaped(backend, value, value.shape.slice(-2))
    );
    const result = product(backend, matrixA!, matrixB!, { transposeA, transposeB });
    return backend.wrap(reshaped(backend, result, shape));
  },
  Einsum: (backend, inputs, { equation }) => {
    const tensors = Object.values(inputs);
    const [terms, result] = equation.replaceAll(" ", "").split("->");
    const sizes = new Map<string, number>();
    terms.split(",").forEach((term: string, i: number) => {
      [...term].forEach((letter, axis) => sizes.set(letter, tensors[i]!.shape[axis]!));
    });
    const shape = [...result].map((letter) => sizes.get(letter)!);
    const values = tensors.map((tensor) => backend.value(tensor));
    return backend.op("Einsum", values, shape, "float32", { equation: { string: equation } });
  },
};

/** How the factors of a product are read. */
export interface ProductOptions {
  transposeA?: boolean;
  transposeB?: boolean;
}

/**
 * One product of matrices. Measured for the shapes of a transformer: a transposed left factor (gradients of
 * weights) is best given to Gemm, a transposed right factor (gradients of inputs) best transposed first.
 */
export function product(
  backend: TraceBackend,
  a: GraphValue,
  b: GraphValue,
  { transposeA = false, transposeB = false }: ProductOptions = {},
): GraphValue {
  const right = transposeB ? transposed(backend, b, [1, 0]) : b;
  const result = { shape: [a.shape[transposeA ? 1 : 0]!, right.shape[1]!], dtype: a.dtype };
  return transposeA
    ? addNode(backend.graph, "Gemm", [a, right], [result], { transA: 1 })[0]!
    : addNode(backend.graph, "MatMul", [a, right], [result])[0]!;
}

function batchedProduct(
  backend: TraceBackend,
  a: GraphValue,
  b: GraphValue,
  shape: readonly number[],
  transposeA: boolean,
  transposeB: boolean,
): tf.TensorInfo {
  if (!backend.graph.onHost) {
    // Graphics devices know MatMul only.
    const left = transposeA ? swapped(backend, a) : a;
    const right = transposeB ? swapped(backend, b) : b;
    return backend.op("MatMul", [left, right], shape, "float32");
  }
  if (!transposeA && !transposeB) return backend.op("MatMul", [a, b], shape, a.dtype as DType);
  const attributes = {
    transA: transposeA ? 1 : 0,
    transB: transposeB ? 1 : 0,
    alpha: { float: 1 },
  };
  return backend.op("FusedMatMul", [a, b], shape, "float32", attributes, "com.microsoft");
}

/** Rows and columns exchanged in every matrix of a batch. */
function swapped(backend: TraceBackend, value: GraphValue): GraphValue {
  const axes = value.shape.map((_, axis) => axis);
  return transposed(backend, value, [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!]);
}
