import type { Argument, Output } from "../exercise.ts";
import { type DType, type HostData, type HostTensor, sizeOf } from "../../tensors.ts";
import { isHostTensor } from "../values.ts";

/** What the trusted side asks of a sandbox's process. */
export type Request =
  | { do: "start" }
  | { do: "load"; code: string; name: string }
  | { do: "call"; args: Wire[] };

/** What the process answers. */
export type Answer = { value: Wire } | { error: { name: string; message: string; stack: string } };

/**
 * Arguments and results as JSON can carry them. Lists are lists; every object has one letter that says what it is:
 * t tensor, o object, n number that JSON does not know.
 */
export type Wire =
  | number
  | string
  | boolean
  | null
  | Wire[]
  | { t: [DType, readonly number[], string] }
  | { o: [string, Wire][] }
  | { n: string };

/** A line that begins so, followed by the request's name, is an answer; every other line was printed. */
export const ANSWER = "\u0002";

/** Stands for the file in the stack traces of a learner's code. */
export const SOURCE_NAME = "exercise";

const DEEPEST = 16;

/** Arguments or results as JSON can carry them. */
export function toWire(value: Argument | Output): Wire {
  switch (typeof value) {
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0) ? value : { n: numberName(value) };
    case "string":
    case "boolean":
      return value;
  }
  if (value === null) return null;
  if (Array.isArray(value)) return value.map(toWire);
  if (isHostTensor(value)) return { t: [value.dtype, value.shape, toBase64(value.data)] };
  return {
    o: Object.entries(value).map(([name, item]) => [name, toWire(item as Argument | Output)]),
  };
}

/** The value again; throws a TypeError for what {@linkcode toWire} would never write. */
export function fromWire(wire: unknown, depth = 0): Output {
  if (depth > DEEPEST) throw malformed("too deep");
  switch (typeof wire) {
    case "number":
    case "string":
    case "boolean":
      return wire;
  }
  if (wire === null) return null;
  if (Array.isArray(wire)) return wire.map((item) => fromWire(item, depth + 1));
  const [[kind, content] = [], ...more] = Object.entries(wire as object);
  if (more.length > 0) throw malformed("an object of several kinds");
  switch (kind) {
    case "n":
      return numberOf(content);
    case "t":
      return tensorOf(content);
    case "o":
      return recordOf(content, depth);
  }
  throw malformed("an unknown kind");
}

const NUMBERS: Readonly<Record<string, number>> = {
  "NaN": NaN,
  "Infinity": Infinity,
  "-Infinity": -Infinity,
  "-0": -0,
};

function numberName(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

function numberOf(name: unknown): number {
  if (typeof name === "string" && Object.hasOwn(NUMBERS, name)) return NUMBERS[name]!;
  throw malformed("an unknown number");
}

function recordOf(entries: unknown, depth: number): Output {
  if (!Array.isArray(entries)) throw malformed("an object without entries");
  const pairs = entries.map((entry): [string, Output] => {
    if (!Array.isArray(entry) || typeof entry[0] !== "string") throw malformed("an entry");
    return [entry[0], fromWire(entry[1], depth + 1)];
  });
  // Defines its properties instead of setting them: "__proto__" becomes a name like any other.
  return Object.fromEntries(pairs);
}

/** Longest axis: that of an empty tensor could be any otherwise, and checks may count along it. */
const LARGEST = 2 ** 27;

const ARRAYS = { float32: Float32Array, int32: Int32Array, bool: Uint8Array };

function tensorOf(content: unknown): HostTensor {
  if (!Array.isArray(content)) throw malformed("a tensor");
  const [dtype, shape, base64] = content as unknown[];
  if (
    typeof dtype !== "string" || !Object.hasOwn(ARRAYS, dtype) || typeof base64 !== "string" ||
    !Array.isArray(shape) || shape.length > 8 ||
    !shape.every((size) => Number.isSafeInteger(size) && size >= 0 && size <= LARGEST)
  ) {
    throw malformed("a tensor");
  }
  const type = dtype as DType;
  const bytes = fromBase64(base64);
  if (sizeOf(shape) * ARRAYS[type].BYTES_PER_ELEMENT !== bytes.length) {
    throw malformed("a tensor whose numbers do not fill its shape");
  }
  return { shape: shape as number[], dtype: type, data: new ARRAYS[type](bytes.buffer) };
}

function toBase64(data: HostData): string {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength).toBase64();
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.fromBase64(text);
  } catch {
    throw malformed("a tensor");
  }
}

function malformed(what: string): TypeError {
  return new TypeError(`Cannot read the answer: it holds ${what}`);
}
