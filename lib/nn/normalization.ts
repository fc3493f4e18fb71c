import type * as tf from "@tensorflow/tfjs-core";
import { groupNorm as normaliseGroups, layerNorm as normaliseLayer } from "../engine/ops/mod.ts";
import type { TensorRecord } from "../tensors.ts";
import { constant, zeros } from "./initialisers.ts";
import type { ParamSpecs } from "./specs.ts";
import { param } from "./specs.ts";
import { parameter } from "./tree.ts";

/** Parameters of {@linkcode layerNorm} and {@linkcode groupNorm}: `name.weight` (1) and `name.bias` (0), both `[width]`. */
export function normSpecs(name: string, width: number): ParamSpecs {
  return {
    [`${name}.weight`]: param([width], constant(1)),
    [`${name}.bias`]: param([width], zeros),
  };
}

/** Layer normalisation over the last axis with learned scale and shift: `[…, D]` → `[…, D]`. */
export function layerNorm(
  params: TensorRecord,
  name: string,
  x: tf.Tensor,
  options: { epsilon?: number } = {},
): tf.Tensor {
  const { epsilon = 1e-5 } = options;
  return normaliseLayer(x, { ...affine(params, name), epsilon });
}

/** Group normalisation with learned scale and shift: `[B, H, W, C]` → the same shape. */
export function groupNorm(
  params: TensorRecord,
  name: string,
  x: tf.Tensor,
  options: { groups: number; epsilon?: number },
): tf.Tensor {
  const { groups, epsilon = 1e-5 } = options;
  return normaliseGroups(x, groups, { ...affine(params, name), epsilon });
}

function affine(params: TensorRecord, name: string): { scale: tf.Tensor; shift: tf.Tensor } {
  return { scale: parameter(params, `${name}.weight`), shift: parameter(params, `${name}.bias`) };
}
