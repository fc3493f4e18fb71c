import * as tf from "@tensorflow/tfjs-core";
import { suggest } from "../suggest.ts";

/** What went wrong, as a sentence for who wrote the code: messages of tfjs and of the language made readable. */
export function explainError(error: unknown): string {
  if (!(error instanceof Error)) return `threw ${JSON.stringify(error) ?? String(error)}`;
  for (const [pattern, explain] of EXPLANATIONS) {
    const found = pattern.exec(error.message);
    if (found) return explain(...found.slice(1));
  }
  const name = ["Error", "TypeError", "RangeError"].includes(error.name) ? "" : `${error.name}: `;
  return `threw "${name}${error.message}"`;
}

const TOO_FEW_AXES = "tf.matMul needs tensors with at least two axes";

type Explanation = readonly [RegExp, (...parts: string[]) => string];

/** Messages of tfjs 4.22 and V8, and what they mean. */
const EXPLANATIONS: readonly Explanation[] = [
  [
    /^Operands could not be broadcast together with shapes (\S*) and (\S*)\.$/,
    (a, b) =>
      `shapes ${list(a)} and ${list(b)} do not fit together: ` +
      "counted from the right, sizes must be equal, or one of them 1",
  ],
  [
    /^Error in matMul: inner shapes .* of Tensors with shapes (\S+) and (\S+) and transposeA=(\w+) and transposeB=(\w+) must match/,
    (a, b, first, second) => {
      if (!a!.includes(",") || !b!.includes(",")) return TOO_FEW_AXES;
      const turned = first === "true" || second === "true"
        ? ` (transposeA ${first}, transposeB ${second})`
        : "";
      return `tf.matMul cannot multiply ${list(a)} by ${list(b)}${turned}: ` +
        "the last axis of the first must be as long as the last but one of the second";
    },
  ],
  [
    /^Size\((\d+)\) must match the product of shape (\S*)$/,
    (size, shape) =>
      `cannot reshape ${size} numbers into ${list(shape)}, which holds ${product(shape)}`,
  ],
  [
    /^Argument '(\w+)' passed to '(\w+)' must be a Tensor or TensorLike, but got '(\w+)'/,
    (argument, op, got) =>
      `tf.${op} got ${
        got === "null" ? "nothing (undefined or null)" : `a value of type ${got}`
      } as its argument ${argument}: expected a tensor`,
  ],
  [
    /^Argument '(\w+)' passed to '(\w+)' must be (\w+) tensor, but got (\w+) tensor/,
    (argument, op, wanted, got) =>
      `tf.${op} needs ${wanted} numbers as its argument ${argument} and got ${got}: ` +
      `tf.cast(x, "${wanted}") converts`,
  ],
  [
    /^tf\.(\w+) is not a function$/,
    (name) => {
      const meant = suggest(name!, Object.keys(tf).filter((known) => /^[a-z]/.test(known)));
      return `tf has no function ${name}` + (meant ? `: did you mean tf.${meant}?` : "");
    },
  ],
  [
    /^(?:(.+)\.)?(\w+) is not a function$/,
    (object, name) =>
      object && name! in tf
        ? `${object}.${name} is not a function: tensors have no such methods here, ` +
          `write tf.${name}(…)`
        : `${object ? `${object}.` : ""}${name} is not a function`,
  ],
  [
    /^Cannot read properties of undefined \(reading 'backend'\)$/,
    () => "a tensor was used after it had been disposed",
  ],
  [
    /^(\w+) is not defined$/,
    (name) =>
      `${name} is not defined: what the function needs beside tf and its arguments ` +
      "must stand in its own cell",
  ],
  [
    /^Error in concat(?:\dD)?: Shape of tensors\[(\d+)\] \((\S+)\) does not match the shape of the rest \((\S+)\) along the non-concatenated axis (\d+)/,
    (i, shape, rest, axis) =>
      `tf.concat: tensor ${i} is ${list(shape)} and those before ${list(rest)}: ` +
      `they may differ along the joined axis alone, not along axis ${axis}`,
  ],
  [
    /^All values in axis param must be in range \[-(\d+), \d+\) but got axis (\S+)/,
    (rank, axis) => `there is no axis ${axis}: the tensor has ${rank} axes, counted from 0`,
  ],
  [
    /^Error in (transpose|tile): rank of input (\d+) must match length of (?:perm|reps) (\S+?)\.$/,
    (op, rank, numbers) => `tf.${op} got ${list(numbers)} for a tensor with ${rank} axes`,
  ],
  [
    /^The new shape \(.*\) has NaN elements/,
    () => TOO_FEW_AXES,
  ],
  [/^Number of splits must evenly divide the axis\.$/, () => "tf.split cannot cut the axis evenly"],
  [
    /^Error in (\w+): +Shapes (\S+) and (\S+) must match/,
    (op, a, b) => `tf's ${op} needs equal shapes and got ${list(a)} and ${list(b)}`,
  ],
  [
    /^Maximum call stack size exceeded$/,
    () => "the function calls itself without end",
  ],
];

/** "2,3" as "[2, 3]". */
function list(sizes: string | undefined): string {
  return `[${(sizes ?? "").split(",").filter((size) => size !== "").join(", ")}]`;
}

function product(sizes: string | undefined): number {
  return (sizes ?? "").split(",").reduce((result, size) => result * Number(size), 1);
}
