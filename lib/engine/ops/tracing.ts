import * as tf from "@tensorflow/tfjs-core";
import { TRACE_BACKEND } from "../trace_backend.ts";

/** True while a function is being traced: fused operators can be recorded. */
export function isTracing(): boolean {
  return tf.getBackend() === TRACE_BACKEND;
}

/** True while tfjs keeps track of operations for a gradient. */
export function wantsGradient(): boolean {
  return tf.engine().state.gradientDepth > 0;
}

/**
 * The result of a computation as a constant: no gradient flows through it, whatever it was made of. Cheaper than what
 * a gradient could follow, since nothing is kept for one.
 */
export function stopGradient(compute: () => tf.Tensor): tf.Tensor {
  const { state } = tf.engine(), { gradientDepth, activeTape } = state;
  state.gradientDepth = 0;
  try {
    return compute();
  } finally {
    Object.assign(state, { gradientDepth, activeTape });
  }
}

/** Records one of the engine's own operators (see kernels/fused.ts), which tfjs does not know. */
export function runFused(
  name: string,
  inputs: Record<string, tf.Tensor>,
  attributes: Record<string, number> = {},
): tf.Tensor {
  return tf.engine().runKernel(name, inputs, attributes) as tf.Tensor;
}
