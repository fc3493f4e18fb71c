import * as tf from "@tensorflow/tfjs-core";
import type { Optimizer, ParameterInfo } from "../engine/mod.ts";
import { adamw, type AdamWOptions } from "./optimizers.ts";

/** Settings of {@linkcode muon}. */
export interface MuonOptions extends AdamWOptions {
  /** Share of the last direction that is kept. */
  momentum?: number;
}

/**
 * Muon (Jordan et al. 2024) for the matrices inside a transformer's blocks, AdamW for everything else.
 *
 * The direction of a matrix is its momentum with all singular values brought near 1. Multiplied by
 * 0.2·√(longer side) its elements are as large as AdamW's (Liu et al. 2025), so that one learning rate
 * and one weight decay suit both. The matrix's momentum is kept in the slot `m`.
 */
export function muon(options: MuonOptions = {}): Optimizer {
  const { momentum = 0.95, weightDecay = 0.01 } = options;
  const other = adamw(options);
  return {
    slots: other.slots,
    scalars(step, learningRate) {
      const shared = other.scalars(step, learningRate);
      return { ...shared, learningRate, keep: 1 - learningRate * weightDecay };
    },
    asWhole: isHidden,
    update(parameter, gradient, slots, scalars, info) {
      if (!isHidden(info)) return other.update(parameter, gradient, slots, scalars, info);
      const m = tf.add(tf.mul(slots.m!, momentum), gradient);
      // Nesterov: look ahead by one more step of momentum.
      const direction = orthogonalise(tf.add(tf.mul(m, momentum), gradient));
      const size = 0.2 * Math.sqrt(Math.max(...info.shape));
      const change = tf.mul(direction, tf.mul(scalars.learningRate!, size));
      const kept = weightDecay > 0 ? tf.mul(parameter, scalars.keep!) : parameter;
      return { parameter: tf.sub(kept, change), slots: { m, v: slots.v! } };
    },
  };
}

/** Matrices inside the blocks; embeddings, modulations and the first and last layer are AdamW's. */
function isHidden({ name, shape }: ParameterInfo): boolean {
  return shape.length === 2 && /^blocks\.\d+\.(attention|cross|mlp)\./.test(name);
}

/** Coefficients of the fifth-order polynomial of Jordan et al., steep at zero and near 1 elsewhere. */
const [A, B, C] = [3.4445, -4.775, 2.0315];
const ITERATIONS = 5;

/**
 * The nearest matrix with all singular values near 1, `[rows, columns]` → the same, by Newton–Schulz
 * iteration X ← aX + (b·XXᵀ + c·(XXᵀ)²)X.
 */
export function orthogonalise(matrix: tf.Tensor): tf.Tensor {
  const [rows, columns] = matrix.shape as [number, number];
  const tall = rows > columns;
  let x: tf.Tensor = tf.div(matrix, tf.add(tf.sqrt(tf.sum(tf.square(matrix))), 1e-7));
  if (tall) x = tf.transpose(x);
  for (let i = 0; i < ITERATIONS; i++) {
    const square = tf.matMul(x, x, false, true);
    const factor = tf.add(tf.mul(square, B), tf.mul(tf.matMul(square, square), C));
    x = tf.add(tf.mul(x, A), tf.matMul(factor, x));
  }
  return tall ? tf.transpose(x) : x;
}
