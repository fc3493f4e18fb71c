import * as tf from "@tensorflow/tfjs-core";
import type { DType } from "../../tensors.ts";
import { addNode } from "../graph.ts";
import { castValue, combine, same } from "./elementwise.ts";
import type { KernelRule, KernelTable } from "./rule.ts";

/** Comparison, logic, selection and change of type. */
export const logicKernels: KernelTable = {
  Equal: compare("Equal"),
  NotEqual: negated("Equal"),
  Greater: compare("Greater"),
  GreaterEqual: compare("GreaterOrEqual"),
  Less: compare("Less"),
  LessEqual: compare("LessOrEqual"),
  LogicalAnd: compare("And"),
  LogicalOr: compare("Or"),
  LogicalNot: (backend, { x }) => backend.op("Not", [backend.value(x!)], x!.shape, "bool"),
  IsNan: (backend, { x }) => backend.op("IsNaN", [backend.value(x!)], x!.shape, "bool"),
  IsFinite: (backend, { x }) => {
    const difference = backend.op(
      "Sub",
      [backend.value(x!), backend.value(x!)],
      x!.shape,
      "float32",
    );
    // ∞ − ∞ and NaN − NaN are NaN.
    const isNan = backend.op("IsNaN", [backend.value(difference)], x!.shape, "bool");
    return backend.op("Not", [backend.value(isNan)], x!.shape, "bool");
  },
  IsInf: (backend, { x }) => backend.op("IsInf", [backend.value(x!)], x!.shape, "bool"),
  Select: (backend, { condition, t, e }) => {
    // tf.where may hand over a condition of lower rank: it counts from the first axis.
    const rank = Math.max(t!.shape.length, 1);
    const padded = [...condition!.shape, ...Array(rank).fill(1)].slice(0, rank);
    const mask = backend.value({ ...condition!, shape: t!.shape.length ? padded : [] });
    const inputs = [mask, backend.operand(t!), backend.operand(e!)];
    const small = inputs.map((input) => [...input.shape])
      .reduce((a, b) => tf.broadcast_util.assertAndGetBroadcastShape(a, b));
    const result = { shape: small, dtype: t!.dtype as DType };
    const value = addNode(backend.graph, "Where", inputs, [result])[0]!;
    return backend.wrapBroadcast(value, t!.shape);
  },
  Cast: (backend, { x }, { dtype }) => {
    if (dtype === x!.dtype) return same(x!);
    const uniform = backend.uniform(x!);
    if (uniform !== undefined && dtype === "float32") {
      const data = new Float32Array(tf.util.sizeFromShape(x!.shape)).fill(uniform);
      return backend.wrapConstant(x!.shape, "float32", data);
    }
    return backend.wrap(castValue(backend, x!, dtype));
  },
};

function compare(op: string): KernelRule {
  return (backend, { a, b }) => {
    const shape = tf.broadcast_util.assertAndGetBroadcastShape(a!.shape, b!.shape);
    return combine(backend, op, backend.operand(a!), backend.operand(b!), shape, "bool");
  };
}

function negated(op: string): KernelRule {
  return (backend, inputs, attributes) => {
    const result = compare(op)(backend, inputs, attributes) as tf.TensorInfo;
    return backend.op("Not", [backend.value(result)], result.shape, "bool");
  };
}
