import type { Random } from "../random.ts";
import type { HostRecord, SpecRecord, TensorSpec } from "../tensors.ts";
import { float32, sizeOf } from "../tensors.ts";
import type { Initialiser } from "./initialisers.ts";

/**
 * How a parameter is laid out, and with it how it is exchanged with PyTorch.
 *
 * | kind     | here              | PyTorch           |
 * | -------- | ----------------- | ----------------- |
 * | `linear` | `[in, out]`       | `[out, in]`       |
 * | `conv`   | `[kh, kw, in, out]` | `[out, in, kh, kw]` |
 * | `plain`  | as it is          | the same          |
 */
export type ParamKind = "linear" | "conv" | "plain";

/** Shape, layout and initial value of one parameter. */
export interface ParamSpec extends TensorSpec {
  dtype: "float32";
  kind: ParamKind;
  init: Initialiser;
}

/** Named parameters of a layer or model; the keys are PyTorch-style: `blocks.0.attention.qkv.weight`. */
export type ParamSpecs = Record<string, ParamSpec>;

/** One parameter spec. */
export function param(
  shape: readonly number[],
  init: Initialiser,
  kind: ParamKind = "plain",
): ParamSpec {
  return { shape, dtype: "float32", kind, init };
}

/** Draws the initial value of every parameter, in the order of the specs. */
export function initialise(specs: ParamSpecs, random: Random): HostRecord {
  return Object.fromEntries(
    Object.entries(specs).map(([name, { shape, init }]) => {
      return [name, float32(shape, init(shape, random))];
    }),
  );
}

/** What programs need to know about parameters: shapes and types alone. */
export function tensorSpecs(specs: ParamSpecs): SpecRecord {
  return Object.fromEntries(
    Object.entries(specs).map(([name, { shape, dtype }]) => [name, { shape, dtype }]),
  );
}

/** Number of trainable numbers. */
export function countParameters(specs: Record<string, TensorSpec>): number {
  return Object.values(specs).reduce((total, { shape }) => total + sizeOf(shape), 0);
}
