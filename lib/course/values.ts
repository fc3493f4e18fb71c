import * as tf from "@tensorflow/tfjs-core";
import { createRandom } from "../random.ts";
import type { DType, HostTensor } from "../tensors.ts";
import { makeCallback } from "./callbacks.ts";
import type { Argument, Callback, Output, Seed } from "./exercise.ts";

/** A function that is checked returned something that no check can look at; the message says what, in plain words. */
export class ReturnTypeError extends Error {
  override name = "ReturnTypeError";
}

/**
 * What a learner's function is called with: tensors become new tfjs tensors, seeds generators, callbacks functions.
 * Nothing is shared with the argument, so whatever the function does to it spoils nothing.
 */
export function toValue(argument: Argument): unknown {
  if (typeof argument !== "object" || argument === null) return argument;
  if (Array.isArray(argument)) return argument.map(toValue);
  if (isHostTensor(argument)) {
    return tf.tensor(argument.data.slice(), [...argument.shape], argument.dtype);
  }
  if (isCallback(argument)) return makeCallback(argument);
  if (isSeed(argument)) return createRandom(argument.seed);
  return Object.fromEntries(
    Object.entries(argument).map(([name, value]) => [name, toValue(value as Argument)]),
  );
}

/** A returned value as plain data; throws a {@linkcode ReturnTypeError} for what is none. */
export function toOutput(value: unknown, place = "", depth = 0): Output {
  if (depth > 8) throw wrong("something nested more than eight deep", place);
  if (value instanceof tf.Tensor) return readTensor(value, place);
  switch (typeof value) {
    case "number":
    case "string":
    case "boolean":
      return value;
    case "undefined":
      throw wrong(place === "" ? "undefined: is there a return?" : "undefined", place);
    case "function":
      throw wrong("a function: was it meant to be called?", place);
    case "bigint":
    case "symbol":
      throw wrong(`a ${typeof value}`, place);
  }
  if (value === null) return null;
  if (isPromise(value)) {
    throw wrong("a Promise: write it without async, and without await", place);
  }
  if (value instanceof tf.TensorBuffer) {
    throw wrong("a TensorBuffer: end with .toTensor()", place);
  }
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return Array.from(value as unknown as ArrayLike<number>, Number);
  }
  if (Array.isArray(value)) {
    // Array.from also visits holes, which map() would leave.
    return Array.from(value, (item, i) => toOutput(item, `${place}[${i}]`, depth + 1));
  }
  return Object.fromEntries(
    Object.entries(value as object).map((
      [name, item],
    ) => [name, toOutput(item, `${place}.${name}`, depth + 1)]),
  );
}

/** True for numbers in memory with a shape. */
export function isHostTensor(value: unknown): value is HostTensor {
  const { shape, dtype, data } = (value ?? {}) as Partial<HostTensor>;
  return Array.isArray(shape) && typeof dtype === "string" && ArrayBuffer.isView(data);
}

function isCallback(value: object): value is Callback {
  return "callback" in value && typeof value.callback === "string";
}

function isSeed(value: object): value is Seed {
  return "seed" in value && typeof value.seed === "number" && Object.keys(value).length === 1;
}

function isPromise(value: unknown): boolean {
  return typeof (value as { then?: unknown }).then === "function";
}

function readTensor(tensor: tf.Tensor, place: string): HostTensor {
  if (tensor.isDisposed) throw wrong("a tensor that was disposed before", place);
  if (!["float32", "int32", "bool"].includes(tensor.dtype)) {
    throw wrong(`a tensor of type ${tensor.dtype}`, place);
  }
  const dtype = tensor.dtype as DType, data = tensor.dataSync();
  // A cast may share its memory with what was cast: truth values as float32 are still bytes then.
  const Numbers = { float32: Float32Array, int32: Int32Array, bool: Uint8Array }[dtype];
  return {
    shape: [...tensor.shape],
    dtype,
    data: (data instanceof Numbers ? data.slice() : Numbers.from(data)) as HostTensor["data"],
  };
}

function wrong(what: string, place: string): ReturnTypeError {
  return new ReturnTypeError(`returned ${what}${place && ` (at ${place})`}`);
}
