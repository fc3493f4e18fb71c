import type * as tf from "@tensorflow/tfjs-core";

/** Element types the engine knows. */
export type DType = "float32" | "int32" | "bool";

/** Shape and element type of a tensor. */
export interface TensorSpec {
  shape: readonly number[];
  dtype: DType;
}

/** Numbers in memory with their shape, row-major. */
export interface HostTensor extends TensorSpec {
  data: HostData;
}

/** What holds the numbers: Float32Array for float32, Int32Array for int32, Uint8Array for bool. */
export type HostData =
  | Float32Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>;

/** Named host tensors: parameters, optimizer state, a batch. */
export type HostRecord = Record<string, HostTensor>;

/** Named tfjs tensors, as model functions take them. */
export type TensorRecord = Record<string, tf.Tensor>;

/** Named shapes and types. */
export type SpecRecord = Record<string, TensorSpec>;

/** Number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** A float32 host tensor; without data it is filled with zeros. */
export function float32(
  shape: readonly number[],
  data?: Float32Array<ArrayBuffer> | readonly number[],
): HostTensor {
  return checked({
    shape,
    dtype: "float32",
    data: data instanceof Float32Array ? data : Float32Array.from(data ?? zeros(shape)),
  });
}

/** An int32 host tensor; without data it is filled with zeros. */
export function int32(
  shape: readonly number[],
  data?: Int32Array<ArrayBuffer> | readonly number[],
): HostTensor {
  return checked({
    shape,
    dtype: "int32",
    data: data instanceof Int32Array ? data : Int32Array.from(data ?? zeros(shape)),
  });
}

/** `"float32[2, 3]"`: how shapes are written in messages. */
export function describeSpec(spec: TensorSpec): string {
  return `${spec.dtype}[${spec.shape.join(", ")}]`;
}

/** Throws unless the shape matches; −1 in `expected` accepts any size there. */
export function expectShape(
  name: string,
  shape: readonly number[],
  expected: readonly number[],
): void {
  const same = shape.length === expected.length &&
    expected.every((size, axis) => size === -1 || size === shape[axis]);
  if (!same) {
    const wanted = expected.map((size) => size === -1 ? "any" : size).join(", ");
    throw new RangeError(`Shape of ${name} is [${shape.join(", ")}], expected [${wanted}]`);
  }
}

function checked(tensor: HostTensor): HostTensor {
  if (tensor.data.length !== sizeOf(tensor.shape)) {
    throw new RangeError(
      `Cannot make ${describeSpec(tensor)} from ${tensor.data.length} values: ` +
        `the shape needs ${sizeOf(tensor.shape)}`,
    );
  }
  return tensor;
}

function zeros(shape: readonly number[]): number[] {
  return new Array<number>(sizeOf(shape)).fill(0);
}
