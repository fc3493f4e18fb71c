import * as tf from "@tensorflow/tfjs-core";
import type { GraphDType, GraphValue } from "../graph.ts";
import { addInt64List, addNode, addScalar } from "../graph.ts";
import type { TraceBackend } from "../trace_backend.ts";
import { sameShape } from "../trace_backend.ts";

/** The same numbers under another shape. */
export function reshaped(
  backend: TraceBackend,
  value: GraphValue,
  shape: readonly number[],
): GraphValue {
  return backend.value({ ...backend.wrap(value), shape: [...shape] });
}

/** The value with its axes in another order. */
export function transposed(
  backend: TraceBackend,
  value: GraphValue,
  perm: readonly number[],
): GraphValue {
  if (perm.every((axis, i) => axis === i)) return value;
  const shape = perm.map((axis) => value.shape[axis]!);
  return addNode(backend.graph, "Transpose", [value], [{ shape, dtype: value.dtype }], {
    perm,
  })[0]!;
}

/** The value with a constant added before and after along each axis. */
export function padded(
  backend: TraceBackend,
  value: GraphValue,
  paddings: readonly (readonly [number, number])[],
  fill = 0,
): GraphValue {
  if (paddings.every(([before, after]) => before === 0 && after === 0)) return value;
  const amounts = [0, 1].flatMap((side) => paddings.map((pair) => pair[side]!));
  const shape = value.shape.map((size, axis) => paddings[axis]![0] + size + paddings[axis]![1]);
  const inputs = [value, addInt64List(backend.graph, amounts), addScalar(backend.graph, fill)];
  return addNode(backend.graph, "Pad", inputs, [{ shape, dtype: value.dtype }])[0]!;
}

/** The value read backwards along some axes. */
export function reversed(
  backend: TraceBackend,
  value: GraphValue,
  axes: readonly number[],
): GraphValue {
  const { graph } = backend;
  const all = (number: number) => addInt64List(graph, axes.map(() => number));
  const inputs = [value, all(-1), all(-1e9), addInt64List(graph, axes), all(-1)];
  return addNode(graph, "Slice", inputs, [{ shape: value.shape, dtype: value.dtype }])[0]!;
}

/** The product of two values that broadcast. */
export function multiplied(backend: TraceBackend, a: GraphValue, b: GraphValue): GraphValue {
  const shape = tf.broadcast_util.assertAndGetBroadcastShape([...a.shape], [...b.shape]);
  return addNode(backend.graph, "Mul", [a, b], [{ shape, dtype: a.dtype }])[0]!;
}

/** ONNX's numbers for the types that casts lead to. */
const CAST_TO: Record<GraphDType, number> = { float32: 1, int32: 6, int64: 7, bool: 9 };

/** The value in another type; float32 → int32 cuts towards zero, as tfjs does. */
export function castTo(backend: TraceBackend, value: GraphValue, dtype: GraphDType): GraphValue {
  if (value.dtype === dtype) return value;
  const result = { shape: value.shape, dtype };
  return addNode(backend.graph, "Cast", [value], [result], { to: CAST_TO[dtype] })[0]!;
}

/** The value repeated up to a larger shape. */
export function expanded(
  backend: TraceBackend,
  value: GraphValue,
  shape: readonly number[],
): GraphValue {
  if (sameShape(value.shape, shape)) return value;
  const inputs = [value, addInt64List(backend.graph, shape)];
  return addNode(backend.graph, "Expand", inputs, [{ shape, dtype: value.dtype }])[0]!;
}
