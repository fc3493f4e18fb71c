import type { Output } from "./exercise.ts";
import { isHostTensor } from "./values.ts";

/** What an output is, in words: "a tensor [2, 3]", "an array of 4 numbers", "a number". */
export function describeOutput(output: Output): string {
  if (output === null) return "null";
  if (isHostTensor(output)) {
    const type = output.dtype === "float32"
      ? "a"
      : output.dtype === "int32"
      ? "an int32"
      : "a bool";
    return `${type} tensor [${output.shape.join(", ")}]`;
  }
  if (Array.isArray(output)) return `an array of ${countOf(output)}`;
  if (typeof output === "object") {
    return `an object with ${Object.keys(output).join(", ") || "nothing in it"}`;
  }
  return `a ${typeof output}`;
}

/** A number as people read it, with six digits at most. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return `${value}`;
  const short = Number(value.toPrecision(6)), size = Math.abs(short);
  return size !== 0 && (size < 1e-4 || size >= 1e9) ? short.toExponential() : `${short}`;
}

/** Where the element with this place in memory lies: `[0, 3, 1]`. */
export function position(index: number, shape: readonly number[]): string {
  const at: number[] = [];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    at.unshift(index % shape[axis]!);
    index = Math.floor(index / shape[axis]!);
  }
  return `[${at.join(", ")}]`;
}

function countOf(items: readonly unknown[]): string {
  const [first] = items;
  const kind = first === undefined
    ? "value"
    : isHostTensor(first)
    ? "tensor"
    : Array.isArray(first)
    ? "array"
    : typeof first === "number"
    ? "number"
    : "value";
  return `${items.length} ${kind}${items.length === 1 ? "" : "s"}`;
}
