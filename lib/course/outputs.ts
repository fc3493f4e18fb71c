import { describeOutput } from "./describe_output.ts";
import type { Output } from "./exercise.ts";
import type { HostTensor } from "../tensors.ts";
import { isHostTensor, ReturnTypeError } from "./values.ts";

/** A returned shape that cannot be judged; the message says which was expected. */
export class ReturnShapeError extends Error {
  override name = "ReturnShapeError";
}

/**
 * An output as a tensor, for the judges of property checks; −1 in the shape stands for any size. Throws a
 * {@linkcode ReturnTypeError} or {@linkcode ReturnShapeError}, which {@linkcode runChecks} shows as such.
 */
export function tensorOf(output: Output | undefined, shape?: readonly number[]): HostTensor {
  if (output === undefined || !isHostTensor(output)) {
    const expected = shape ? `a tensor [${shape.map(sizeName).join(", ")}]` : "a tensor";
    const got = output === undefined ? "nothing" : describeOutput(output);
    throw new ReturnTypeError(`returned ${got}, expected ${expected}`);
  }
  const fits = !shape || shape.length === output.shape.length &&
      shape.every((size, axis) => size === -1 || size === output.shape[axis]);
  if (!fits) {
    throw new ReturnShapeError(
      `shape [${output.shape.join(", ")}], expected [${shape.map(sizeName).join(", ")}]`,
    );
  }
  return output;
}

/** An output as a number, for the judges of property checks; throws a {@linkcode ReturnTypeError} for all else. */
export function numberOf(output: Output | undefined): number {
  if (typeof output === "number") return output;
  const got = output === undefined ? "nothing" : describeOutput(output);
  throw new ReturnTypeError(`returned ${got}, expected a number`);
}

function sizeName(size: number): string {
  return size === -1 ? "any" : `${size}`;
}
