import * as tf from "@tensorflow/tfjs-core";
import type { TensorRecord } from "../tensors.ts";
import type { Initialiser } from "./initialisers.ts";
import { normal } from "./initialisers.ts";
import type { ParamSpecs } from "./specs.ts";
import { param } from "./specs.ts";
import { parameter } from "./tree.ts";

/** Parameters of {@linkcode embedding}: `name.weight` `[count, width]`, normal of deviation 0.02 by default. */
export function embeddingSpecs(
  name: string,
  count: number,
  width: number,
  options: { init?: Initialiser } = {},
): ParamSpecs {
  return { [`${name}.weight`]: param([count, width], options.init ?? normal(0.02)) };
}

/** One learned vector per index: int32 `[…]` with values below the table's count → `[…, width]`. */
export function embedding(params: TensorRecord, name: string, indices: tf.Tensor): tf.Tensor {
  if (indices.dtype !== "int32") {
    throw new TypeError(`Cannot look up ${name}: indices are ${indices.dtype}, expected int32`);
  }
  return tf.gather(parameter(params, `${name}.weight`), indices as tf.Tensor1D);
}
