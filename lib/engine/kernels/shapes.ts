import * as tf from "@tensorflow/tfjs-core";
import type { DType } from "../../tensors.ts";
import { sizeOf } from "../../tensors.ts";
import { addInt64List, addNode, addScalar } from "../graph.ts";
import type { TraceBackend } from "../trace_backend.ts";
import { same } from "./elementwise.ts";
import type { KernelTable } from "./rule.ts";

/** Moving, cutting, joining and filling: nothing is computed. */
export const shapeKernels: KernelTable = {
  Reshape: (backend, { x }, { shape }) => {
    const target = tf.util.inferFromImplicitShape(shape, sizeOf(x!.shape));
    return reshape(backend, x!, target);
  },
  ExpandDims: (backend, { input }, { dim }) => {
    const shape = [...input!.shape];
    shape.splice(dim < 0 ? shape.length + dim + 1 : dim, 0, 1);
    return reshape(backend, input!, shape);
  },
  Transpose: (backend, { x }, { perm }) => {
    const shape = perm.map((axis: number) => x!.shape[axis]!);
    return backend.op("Transpose", [backend.value(x!)], shape, x!.dtype as DType, { perm });
  },
  Concat: (backend, inputs, { axis }) => {
    const tensors = Object.values(inputs).filter((tensor) => sizeOf(tensor.shape) > 0);
    const along = tf.util.parseAxisParam(axis, tensors[0]!.shape)[0]!;
    const shape = tf.backend_util.computeOutShape(tensors.map((tensor) => tensor.shape), along);
    const values = tensors.map((tensor) => backend.value(tensor));
    return backend.op("Concat", values, shape, tensors[0]!.dtype as DType, { axis: along });
  },
  Pack: (backend, inputs, { axis }) => {
    const tensors = Object.values(inputs);
    const shape = [...tensors[0]!.shape];
    shape.splice(axis, 0, 1);
    const values = tensors.map((tensor) => backend.value(reshape(backend, tensor, shape)));
    const out = shape.with(axis, tensors.length);
    return backend.op("Concat", values, out, tensors[0]!.dtype as DType, { axis });
  },
  Unpack: (backend, { value }, { axis }) => {
    const along = axis < 0 ? value!.shape.length + axis : axis;
    const sizes = Array(value!.shape[along]!).fill(1);
    const shape = value!.shape.toSpliced(along, 1);
    return split(backend, value!, sizes, along).map((part) => reshape(backend, part, shape));
  },
  SplitV: (backend, { x }, { numOrSizeSplits, axis }) => {
    const along = tf.util.parseAxisParam(axis, x!.shape)[0]!;
    const sizes = tf.backend_util.prepareSplitSize(x as tf.Tensor, numOrSizeSplits, along);
    return split(backend, x!, sizes, along);
  },
  Slice: (backend, { x }, { begin, size }) => {
    const plan = tf.slice_util.parseSliceParams(x as tf.Tensor, begin, size);
    const [begins, sizes] = [plan[0]!, plan[1]!];
    const ends = begins.map((start, axis) => start + sizes[axis]!);
    return slice(backend, x!, begins, ends, begins.map(() => 1), sizes);
  },
  StridedSlice: (backend, { x }, attributes) => {
    const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } =
      attributes;
    const plan = tf.slice_util.sliceInfo(
      x!.shape,
      begin,
      end,
      strides,
      beginMask,
      endMask,
      ellipsisMask,
      newAxisMask,
      shrinkAxisMask,
    );
    // A backward slice may end before the first element: ONNX wants a very negative end there.
    const ends = plan.end.map((stop, axis) => plan.strides[axis]! < 0 && stop < 0 ? -1e9 : stop);
    const size = tf.slice_util.computeOutShape(plan.begin, plan.end, plan.strides);
    const sliced = slice(backend, x!, plan.begin, ends, plan.strides, size);
    return reshape(backend, sliced, plan.finalShape);
  },
  Reverse: (backend, { x }, { dims }) => {
    const axes = tf.util.parseAxisParam(dims, x!.shape);
    const all = (value: number) => addInt64List(backend.graph, axes.map(() => value));
    const inputs = [all(-1), all(-1e9), addInt64List(backend.graph, axes), all(-1)];
    return backend.op("Slice", [backend.value(x!), ...inputs], x!.shape, x!.dtype as DType);
  },
  PadV2: (backend, { x }, { paddings, constantValue }) => {
    const value = addScalar(backend.graph, constantValue, x!.dtype as DType);
    return pad(backend, x!, paddings, "constant", [value]);
  },
  MirrorPad: (backend, { x }, { paddings, mode }) => {
    if (mode !== "reflect") {
      throw new Error(
        `Cannot pad with mode ${mode}: the engine knows "reflect" and constant values`,
      );
    }
    return pad(backend, x!, paddings, "reflect", []);
  },
  Tile: (backend, { x }, { reps }) => {
    const shape = x!.shape.map((size, axis) => size * reps[axis]);
    if (x!.shape.every((size, axis) => size === 1 || reps[axis] === 1)) {
      return backend.wrapBroadcast(backend.operand(x!), shape);
    }
    const inputs = [backend.value(x!), addInt64List(backend.graph, reps)];
    return backend.op("Tile", inputs, shape, x!.dtype as DType);
  },
  Fill: (backend, _inputs, { shape, value, dtype }) => filled(backend, shape, value, dtype),
  ZerosLike: (backend, { x }) => filled(backend, x!.shape, 0, x!.dtype as DType),
  OnesLike: (backend, { x }) => filled(backend, x!.shape, 1, x!.dtype as DType),
  Range: (backend, _inputs, { start, stop, step, dtype }) => {
    const count = Math.max(0, Math.ceil((stop - start) / step));
    const values = Array.from({ length: count }, (_, i) => start + i * step);
    const data = dtype === "int32" ? Int32Array.from(values) : Float32Array.from(values);
    return backend.wrapConstant([count], dtype, data);
  },
  LinSpace: (backend, _inputs, { start, stop, num }) => {
    const step = num > 1 ? (stop - start) / (num - 1) : 0;
    const data = Float32Array.from({ length: num }, (_, i) => start + i * step);
    return backend.wrapConstant([num], "float32", data);
  },
};

/** The same numbers under another shape; constants stay constants. */
export function reshape(backend: TraceBackend, x: tf.TensorInfo, shape: readonly number[]) {
  const data = backend.constant(x);
  if (data) return backend.wrapConstant(shape, x.dtype as DType, data);
  return backend.wrap(backend.value({ ...x, shape: [...shape] }));
}

function split(backend: TraceBackend, x: tf.TensorInfo, sizes: number[], axis: number) {
  const inputs = [backend.value(x), addInt64List(backend.graph, sizes)];
  const results = sizes.map((size) => ({
    shape: x.shape.with(axis, size),
    dtype: x.dtype as DType,
  }));
  return addNode(backend.graph, "Split", inputs, results, { axis })
    .map((value) => backend.wrap(value));
}

function slice(
  backend: TraceBackend,
  x: tf.TensorInfo,
  begins: readonly number[],
  ends: readonly number[],
  strides: readonly number[],
  shape: readonly number[],
): tf.TensorInfo {
  const whole = (axis: number) =>
    begins[axis] === 0 && strides[axis] === 1 && ends[axis] === x.shape[axis];
  const axes = begins.map((_, axis) => axis).filter((axis) => !whole(axis));
  if (axes.length === 0) return same(x);
  const pick = (list: readonly number[]) =>
    addInt64List(backend.graph, axes.map((axis) => list[axis]!));
  const inputs = [
    backend.value(x),
    pick(begins),
    pick(ends),
    addInt64List(backend.graph, axes),
    pick(strides),
  ];
  return backend.op("Slice", inputs, shape, x.dtype as DType);
}

function pad(
  backend: TraceBackend,
  x: tf.TensorInfo,
  paddings: [number, number][],
  mode: string,
  extra: ReturnType<typeof addScalar>[],
): tf.TensorInfo {
  const amounts = [...paddings.map(([before]) => before), ...paddings.map(([, after]) => after)];
  const shape = x.shape.map((size, axis) => paddings[axis]![0] + size + paddings[axis]![1]);
  const inputs = [backend.value(x), addInt64List(backend.graph, amounts), ...extra];
  return backend.op("Pad", inputs, shape, x.dtype as DType, { mode: { string: mode } });
}

function filled(backend: TraceBackend, shape: number[], value: number, dtype: DType = "float32") {
  const size = sizeOf(shape);
  const data = dtype === "float32"
    ? new Float32Array(size).fill(value)
    : dtype === "int32"
    ? new Int32Array(size).fill(value)
    : new Uint8Array(size).fill(value);
  return backend.wrapConstant(shape, dtype, data);
}
