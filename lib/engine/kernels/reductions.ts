import * as tf from "@tensorflow/tfjs-core";
import type { GraphValue } from "../graph.ts";
import { addInt64List, addNode } from "../graph.ts";
import type { TraceBackend } from "../trace_backend.ts";
import { apply, castValue } from "./elementwise.ts";
import type { KernelRule, KernelTable } from "./rule.ts";
import { castTo } from "./values.ts";

/** Sums, means, extremes, softmax. */
export const reductionKernels: KernelTable = {
  Sum: reduction("ReduceSum"),
  Mean: reduction("ReduceMean"),
  Prod: reduction("ReduceProd"),
  Max: reduction("ReduceMax"),
  Min: reduction("ReduceMin"),
  All: logical("ReduceMin"),
  Any: logical("ReduceMax"),
  ArgMax: argument("ArgMax"),
  ArgMin: argument("ArgMin"),
  Softmax: (backend, { logits }, { dim }) => apply(backend, "Softmax", logits!, { axis: dim }),
};

/** tfjs names the axes `axis` or `reductionIndices`, depending on the operation. */
function reduction(op: string): KernelRule {
  return (backend, { x }, { axis, reductionIndices, keepDims }) => {
    const axes = tf.util.parseAxisParam(axis ?? reductionIndices, x!.shape);
    const value = op === "ReduceMean" ? castValue(backend, x!, "float32") : backend.value(x!);
    return backend.wrap(reduce(backend, op, value, axes, keepDims));
  };
}

/** Records a reduction over the given axes. */
export function reduce(
  backend: TraceBackend,
  op: string,
  value: GraphValue,
  axes: readonly number[],
  keepDims = false,
): GraphValue {
  const shape = value.shape
    .map((size, axis) => axes.includes(axis) ? 1 : size)
    .filter((_, axis) => keepDims || !axes.includes(axis));
  const result = { shape, dtype: value.dtype };
  const inputs = [value, addInt64List(backend.graph, axes)];
  return addNode(backend.graph, op, inputs, [result], { keepdims: keepDims ? 1 : 0 })[0]!;
}

/** Reductions of truth values go through int32, which ONNX Runtime can reduce. */
function logical(op: string): KernelRule {
  return (backend, { x }, { axis, keepDims }) => {
    const axes = tf.util.parseAxisParam(axis, x!.shape);
    const numbers = castValue(backend, x!, "int32");
    const reduced = backend.wrap(reduce(backend, op, numbers, axes, keepDims));
    return backend.wrap(castValue(backend, reduced, "bool"));
  };
}

function argument(op: string): KernelRule {
  return (backend, { x }, { axis }) => {
    const [along] = tf.util.parseAxisParam(axis, x!.shape);
    const shape = x!.shape.filter((_, i) => i !== along);
    const inputs = [backend.value(x!)];
    const attributes = { axis: along!, keepdims: 0 };
    const result = { shape, dtype: "int64" as const };
    const index = addNode(backend.graph, op, inputs, [result], attributes)[0]!;
    return backend.wrap(castTo(backend, index, "int32"));
  };
}
