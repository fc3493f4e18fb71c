import * as tf from "@tensorflow/tfjs-core";
import type { DType } from "../../tensors.ts";
import type { Attribute, GraphValue } from "../graph.ts";
import { addNode, addScalar } from "../graph.ts";
import type { TraceBackend } from "../trace_backend.ts";
import { sameShape } from "../trace_backend.ts";
import type { KernelRule, KernelTable } from "./rule.ts";
import { castTo, expanded } from "./values.ts";

/** Arithmetic and functions that act on each element alone. */
export const elementwiseKernels: KernelTable = {
  Add: binary("Add", { neutral: 0 }),
  Sub: binary("Sub", { neutral: 0, onlyRight: true }),
  Multiply: binary("Mul", { neutral: 1 }),
  RealDiv: binary("Div", { neutral: 1, onlyRight: true }),
  Maximum: binary("Max"),
  Minimum: binary("Min"),
  Pow: power,
  SquaredDifference: (backend, { a, b }) => {
    const difference = binary("Sub")(backend, { a: a!, b: b! }, {}) as tf.TensorInfo;
    return square(backend, difference);
  },
  FloorDiv: (backend, { a, b }) => {
    return backend.wrap(castValue(backend, flooredQuotient(backend, a!, b!), "int32"));
  },
  Mod: (backend, { a, b }) => {
    // The sign of the divisor, as tfjs has it: a − floor(a / b) · b.
    const floored = flooredQuotient(backend, a!, b!);
    const quotient = backend.wrap(castValue(backend, floored, a!.dtype as DType));
    const multiple = binary("Mul")(backend, { a: quotient, b: b! }, {}) as tf.TensorInfo;
    return binary("Sub")(backend, { a: a!, b: multiple }, {});
  },
  AddN: (backend, inputs) =>
    Object.values(inputs).reduce((a, b) => binary("Add")(backend, { a, b }, {}) as tf.TensorInfo),

  Abs: unary("Abs"),
  Acos: unary("Acos"),
  Acosh: unary("Acosh"),
  Asin: unary("Asin"),
  Asinh: unary("Asinh"),
  Atan: unary("Atan"),
  Atanh: unary("Atanh"),
  Ceil: unary("Ceil"),
  Cos: unary("Cos"),
  Cosh: unary("Cosh"),
  Erf: unary("Erf"),
  Exp: unary("Exp"),
  Floor: unary("Floor"),
  Log: unary("Log"),
  Neg: unary("Neg"),
  Reciprocal: unary("Reciprocal"),
  Round: unary("Round"),
  Sigmoid: unary("Sigmoid"),
  Sign: unary("Sign"),
  Sin: unary("Sin"),
  Sinh: unary("Sinh"),
  Sqrt: unary("Sqrt"),
  Tan: unary("Tan"),
  Tanh: unary("Tanh"),
  ClipByValue: (backend, { x }, { clipValueMin, clipValueMax }) =>
    clip(backend, x!, clipValueMin, clipValueMax),
  Expm1: (backend, { x }) =>
    binary("Sub")(backend, { a: apply(backend, "Exp", x!), b: scalar(backend, 1) }, {}),
  Log1p: (backend, { x }) =>
    apply(
      backend,
      "Log",
      binary("Add")(backend, { a: x!, b: scalar(backend, 1) }, {}) as tf.TensorInfo,
    ),
  Rsqrt: (backend, { x }) => apply(backend, "Reciprocal", apply(backend, "Sqrt", x!)),
  Square: (backend, { x }) => square(backend, x!),
  Identity: (_backend, { x }) => same(x!),
};

/**
 * The same numbers as another tensor. A rule must never return the tensor it was given: tfjs would take
 * the operation's result and its input for one, and count the gradient twice.
 */
export function same({ dataId, shape, dtype }: tf.TensorInfo): tf.TensorInfo {
  return { dataId, shape, dtype };
}

/** Records an operator on one tensor. */
export function apply(
  backend: TraceBackend,
  op: string,
  x: tf.TensorInfo,
  attributes: Record<string, Attribute> = {},
  domain = "",
): tf.TensorInfo {
  return backend.op(op, [backend.value(x)], x.shape, x.dtype as DType, attributes, domain);
}

/** A constant tensor of shape `[]`. */
export function scalar(backend: TraceBackend, value: number, dtype: DType = "float32") {
  const data = dtype === "float32" ? Float32Array.of(value) : Int32Array.of(value);
  return backend.wrapConstant([], dtype, data);
}

/** Records an operator on two broadcast values; the result is broadcast on if its sources were small. */
export function combine(
  backend: TraceBackend,
  op: string,
  a: GraphValue,
  b: GraphValue,
  shape: readonly number[],
  dtype: DType,
): tf.TensorInfo {
  const small = tf.broadcast_util.assertAndGetBroadcastShape([...a.shape], [...b.shape]);
  const value = addNode(backend.graph, op, [a, b], [{ shape: small, dtype }])[0]!;
  return backend.wrapBroadcast(value, shape);
}

/** What leaves the other operand unchanged: 0 for sums, 1 for products; `onlyRight` for − and ÷. */
interface Neutral {
  neutral?: number;
  onlyRight?: boolean;
}

/** A rule for an operator with two operands that broadcast. */
function binary(op: string, { neutral, onlyRight }: Neutral = {}): KernelRule {
  return (backend, { a, b }) => {
    const shape = tf.broadcast_util.assertAndGetBroadcastShape(a!.shape, b!.shape);
    if (neutral !== undefined) {
      if (backend.uniform(b!) === neutral) return broadcast(backend, a!, shape);
      if (!onlyRight && backend.uniform(a!) === neutral) return broadcast(backend, b!, shape);
    }
    const dtype = a!.dtype as DType;
    return combine(backend, op, backend.operand(a!), backend.operand(b!), shape, dtype);
  };
}

function broadcast(backend: TraceBackend, x: tf.TensorInfo, shape: number[]): tf.TensorInfo {
  return sameShape(x.shape, shape) ? same(x) : backend.wrapBroadcast(backend.operand(x), shape);
}

/** A rule for an operator on one tensor. */
export function unary(op: string): KernelRule {
  return (backend, { x }) => apply(backend, op, x!);
}

function square(backend: TraceBackend, x: tf.TensorInfo): tf.TensorInfo {
  const value = backend.value(x);
  const result = backend.op("Mul", [value, value], x.shape, x.dtype as DType);
  backend.graph.squareOf.set(backend.value(result).name, value);
  return result;
}

/** Keeps values between two limits. */
export function clip(backend: TraceBackend, x: tf.TensorInfo, low: number, high: number) {
  const limits = [low, high].map((limit) => addScalar(backend.graph, limit, x.dtype as DType));
  return backend.op("Clip", [backend.value(x), ...limits], x.shape, x.dtype as DType);
}

function flooredQuotient(backend: TraceBackend, a: tf.TensorInfo, b: tf.TensorInfo) {
  const shape = tf.broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const [left, right] = [a, b].map((x) => castValue(backend, x, "float32"));
  return apply(backend, "Floor", combine(backend, "Div", left!, right!, shape, "float32"));
}

/** Small whole powers are products: ONNX Runtime's Pow is a library call for every element. */
function power(...[backend, { a, b }, attributes]: Parameters<KernelRule>) {
  const exponent = backend.uniform(b!);
  const shape = tf.broadcast_util.assertAndGetBroadcastShape(a!.shape, b!.shape);
  if (sameShape(shape, a!.shape)) {
    if (exponent === 1) return same(a!);
    if (exponent === 2) return square(backend, a!);
    if (exponent === 0.5) return apply(backend, "Sqrt", a!);
  }
  if (backend.graph.onHost) return binary("Pow")(backend, { a: a!, b: b! }, attributes);
  // ONNX Runtime 1.30 fails on webgpu where the base is repeated along the last axis.
  const base = expanded(backend, backend.value(a!), shape);
  return combine(backend, "Pow", base, backend.operand(b!), shape, a!.dtype as DType);
}

/** The value of a tensor in another type. */
export function castValue(backend: TraceBackend, x: tf.TensorInfo, dtype: DType): GraphValue {
  return castTo(backend, backend.value(x), dtype);
}
