import * as tf from "@tensorflow/tfjs-core";
import { isTracing, runFused } from "./tracing.ts";

/** Options of {@linkcode layerNorm}: scale and shift broadcast against x, e.g. `[D]` or `[B, 1, D]`. */
export interface LayerNormOptions {
  scale?: tf.Tensor;
  shift?: tf.Tensor;
  epsilon?: number;
}

/** Normalises over the last axis, then multiplies by scale and adds shift (Ba et al. 2016); x `[…, D]`. */
export function layerNorm(x: tf.Tensor, options: LayerNormOptions = {}): tf.Tensor {
  const { scale, shift, epsilon = 1e-6 } = options;
  const normalised = isTracing() ? fusedNorm(x, epsilon) : standardise(x, [x.rank - 1], epsilon);
  return affine(normalised, scale, shift);
}

/** Normalises over space and groups of channels (Wu & He 2018); x `[B, H, W, C]`, scale and shift `[C]`. */
export function groupNorm(
  x: tf.Tensor,
  groups: number,
  options: LayerNormOptions = {},
): tf.Tensor {
  const { scale, shift, epsilon = 1e-5 } = options;
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  if (channels % groups !== 0) {
    throw new RangeError(
      `Cannot group-normalise: ${channels} channels are not divisible by ${groups} groups`,
    );
  }
  if (isTracing()) {
    return fusedGroupNorm(
      x,
      groups,
      scale ?? tf.ones([channels]),
      shift ?? tf.zeros([channels]),
      epsilon,
    );
  }
  const grouped = tf.reshape(x, [batch, height * width, groups, channels / groups]);
  return affine(tf.reshape(standardise(grouped, [1, 3], epsilon), x.shape), scale, shift);
}

function standardise(x: tf.Tensor, axes: number[], epsilon: number): tf.Tensor {
  const centred = tf.sub(x, tf.mean(x, axes, true));
  const variance = tf.mean(tf.square(centred), axes, true);
  return tf.mul(centred, tf.rsqrt(tf.add(variance, epsilon)));
}

function affine(x: tf.Tensor, scale?: tf.Tensor, shift?: tf.Tensor): tf.Tensor {
  const scaled = scale ? tf.mul(x, scale) : x;
  return shift ? tf.add(scaled, shift) : scaled;
}

/** Normalisation in one pass; backward by the short formula, with the saved result and deviations. */
function fusedNorm(x: tf.Tensor, epsilon: number): tf.Tensor {
  const width = x.shape.at(-1)!;
  return tf.customGrad((...args: unknown[]) => {
    const [x, save] = args as [tf.Tensor, tf.GradSaveFunc];
    const inputs = { x, scale: tf.ones([width]), shift: tf.zeros([width]) };
    const results = runFused("FusedLayerNorm", inputs, { epsilon }) as unknown as tf.Tensor[];
    const [value, , inverse] = results;
    save([value!, inverse!]);
    return {
      value: value!,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [normalised, inverse] = saved as [tf.Tensor, tf.Tensor];
        // (dy − mean(dy) − x̂·mean(dy·x̂)) / deviation
        const projection = tf.mean(tf.mul(dy, normalised), -1, true);
        const rest = tf.sub(dy, tf.mul(normalised, projection));
        return tf.mul(tf.sub(rest, tf.mean(dy, -1, true)), inverse);
      },
    };
  })(x);
}

/**
 * Group normalisation as y = x·a + b with a, b `[B, 1, C]` from two sums per channel: four passes over x
 * instead of seven. The gradient likewise is dy·A + x·B + C with factors per example and channel.
 */
function fusedGroupNorm(
  x: tf.Tensor,
  groups: number,
  scale: tf.Tensor,
  shift: tf.Tensor,
  epsilon: number,
): tf.Tensor {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const pixels = height * width, perGroup = channels / groups, count = pixels * perGroup;
  const flat = (image: tf.Tensor) => tf.reshape(image, [batch, pixels, channels]);
  const sumPixels = (image: tf.Tensor) => tf.sum(image, 1);
  /** Mean over the channels of each group, repeated for every channel: `[B, C]` → `[B, C]`. */
  const spread = (sums: tf.Tensor) => {
    const total = tf.sum(tf.reshape(sums, [batch, groups, perGroup]), 2, true);
    return tf.reshape(tf.tile(tf.div(total, count), [1, 1, perGroup]), [batch, channels]);
  };
  const perPixel = (factor: tf.Tensor) => tf.reshape(factor, [batch, 1, channels]);

  return tf.customGrad((...args: unknown[]) => {
    const [x, scale, shift, save] = args as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const image = flat(x);
    const mean = spread(sumPixels(image));
    const variance = tf.sub(spread(sumPixels(tf.square(image))), tf.square(mean));
    const inverse = tf.rsqrt(tf.add(tf.relu(variance), epsilon));
    const factor = tf.mul(inverse, scale);
    const value = tf.add(
      tf.mul(image, perPixel(factor)),
      perPixel(tf.sub(shift, tf.mul(mean, factor))),
    );
    save([x, scale, mean, inverse]);
    return {
      value: tf.reshape(value, x.shape),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [x, scale, mean, inverse] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
        const image = flat(x), upstream = flat(dy);
        const sum = sumPixels(upstream);
        // Σ dy·x̂ for each example and channel
        const product = sumPixels(tf.mul(upstream, image));
        const projected = tf.mul(tf.sub(product, tf.mul(mean, sum)), inverse);
        // With g = dy·scale: dx = (g − mean(g) − x̂·mean(g·x̂)) / deviation
        const slope = tf.mul(tf.square(inverse), spread(tf.mul(projected, scale)));
        const offset = tf.sub(tf.mul(slope, mean), tf.mul(inverse, spread(tf.mul(sum, scale))));
        const dx = tf.add(
          tf.sub(
            tf.mul(upstream, perPixel(tf.mul(inverse, scale))),
            tf.mul(image, perPixel(slope)),
          ),
          perPixel(offset),
        );
        return [tf.reshape(dx, x.shape), tf.sum(projected, 0), tf.sum(sum, 0)];
      },
    };
  })(x, scale, shift);
}
