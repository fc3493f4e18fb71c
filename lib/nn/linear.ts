import * as tf from "@tensorflow/tfjs-core";
import type { TensorRecord } from "../tensors.ts";
import type { Initialiser } from "./initialisers.ts";
import { xavierUniform, zeros } from "./initialisers.ts";
import type { ParamSpecs } from "./specs.ts";
import { param } from "./specs.ts";
import { parameter } from "./tree.ts";

/** Options of {@linkcode linearSpecs}. */
export interface LinearOptions {
  /** Initial weight; Xavier uniform by default. */
  init?: Initialiser;
  /** Whether there is a bias (it starts at zero). */
  bias?: boolean;
}

/** Parameters of {@linkcode linear}: `name.weight` `[in, out]` and `name.bias` `[out]`. */
export function linearSpecs(
  name: string,
  inFeatures: number,
  outFeatures: number,
  options: LinearOptions = {},
): ParamSpecs {
  const { init = xavierUniform(), bias = true } = options;
  return {
    [`${name}.weight`]: param([inFeatures, outFeatures], init, "linear"),
    ...(bias && { [`${name}.bias`]: param([outFeatures], zeros) }),
  };
}

/** x · weight + bias over the last axis: `[…, in]` → `[…, out]`. */
export function linear(params: TensorRecord, name: string, x: tf.Tensor): tf.Tensor {
  const weight = parameter(params, `${name}.weight`);
  const bias = params[`${name}.bias`];
  const [inFeatures, outFeatures] = weight.shape as [number, number];
  const features = x.shape.at(-1);
  if (features !== inFeatures) {
    throw new RangeError(
      `Cannot apply ${name}: input [${x.shape.join(", ")}] has ${features} features, ` +
        `the weight takes ${inFeatures}`,
    );
  }
  // One matrix product over all rows is faster than a batch of small ones.
  const rows = tf.matMul(tf.reshape(x, [x.size / inFeatures, inFeatures]), weight);
  return tf.reshape(bias ? tf.add(rows, bias) : rows, [...x.shape.slice(0, -1), outFeatures]);
}
