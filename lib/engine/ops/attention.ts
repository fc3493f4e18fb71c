import * as tf from "@tensorflow/tfjs-core";
import { traceBackend } from "../trace_backend.ts";
import { isTracing, runFused, wantsGradient } from "./tracing.ts";

/**
 * Multi-head attention, softmax(QKᵀ/√d + bias)·V per head (Vaswani et al. 2017).
 * q `[B, N, D]`, k and v `[B, M, D]` → `[B, N, D]`, where D is split into `heads`. A bias `[B, 1, 1, M]` of −10⁹
 * hides keys that are padding.
 */
export function attention(
  q: tf.Tensor,
  k: tf.Tensor,
  v: tf.Tensor,
  heads: number,
  { bias }: { bias?: tf.Tensor } = {},
): tf.Tensor {
  const width = headWidth(q.shape[2]!, heads);
  if (!bias && canFuse()) return runFused("FusedAttention", { q, k, v }, { heads });
  const split = (x: tf.Tensor) => {
    const [batch, tokens] = x.shape as [number, number, number];
    return tf.transpose(tf.reshape(x, [batch, tokens, heads, width]), [0, 2, 1, 3]);
  };
  return attend(split(q), split(k), split(v), bias);
}

/**
 * Multi-head self-attention over queries, keys and values that lie side by side, as one linear map
 * makes them: `[B, N, 3D]` → `[B, N, D]`. Same result as {@linkcode attention}, with fewer copies. A bias
 * `[1, heads, N, N]` is added to the scores.
 */
export function selfAttention(
  qkv: tf.Tensor,
  heads: number,
  { bias }: { bias?: tf.Tensor | undefined } = {},
): tf.Tensor {
  const [batch, tokens, features] = qkv.shape as [number, number, number];
  const width = headWidth(features / 3, heads);
  if (!bias && canFuse()) {
    const [q, k, v] = tf.split(qkv, 3, 2);
    return runFused("FusedAttention", { q: q!, k: k!, v: v! }, { heads });
  }
  const parts = tf.transpose(
    tf.reshape(qkv, [batch, tokens, 3, heads, width]),
    [2, 0, 3, 1, 4],
  );
  const [q, k, v] = tf.split(parts, 3, 0).map((part) =>
    tf.reshape(part, [batch, heads, tokens, width])
  );
  return attend(q!, k!, v!, bias);
}

/** q `[B, heads, N, d]`, k and v `[B, heads, M, d]` → `[B, N, heads · d]`. */
function attend(q: tf.Tensor, k: tf.Tensor, v: tf.Tensor, bias?: tf.Tensor): tf.Tensor {
  const [batch, heads, tokens, width] = q.shape as [number, number, number, number];
  const scores = tf.matMul(tf.mul(q, 1 / Math.sqrt(width)), k, false, true);
  const mixed = tf.matMul(tf.softmax(bias ? tf.add(scores, bias) : scores), v);
  return tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [batch, tokens, heads * width]);
}

/** One operator does it all on the processor, where no gradient is wanted. */
function canFuse(): boolean {
  return isTracing() && traceBackend().graph.onHost && !wantsGradient();
}

function headWidth(width: number, heads: number): number {
  if (width % heads !== 0) {
    throw new RangeError(`Cannot attend: width ${width} is not divisible by ${heads} heads`);
  }
  return width / heads;
}
