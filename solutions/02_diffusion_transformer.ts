/** Reference answers to the exercises of notebook 02, the diffusion transformer. */
import * as tf from "@tensorflow/tfjs-core";

// exercise 2.1
/**
 * Cuts images into square patches: `[B, H, W, C]` → `[B, (H / patch) · (W / patch), patch · patch · C]`.
 *
 * Patches follow each other row by row, as one reads. Within a patch the pixels lie row by row too, and the
 * channels of a pixel stay together.
 */
export function patchify(images: tf.Tensor, patch: number): tf.Tensor {
  // given
  const [batch, height, width, channels] = images.shape as [number, number, number, number];
  const rows = height / patch, columns = width / patch;
  // end given
  const cut = tf.reshape(images, [batch, rows, patch, columns, patch, channels]);
  const patches = tf.transpose(cut, [0, 1, 3, 2, 4, 5]);
  return tf.reshape(patches, [batch, rows * columns, patch * patch * channels]);
}

// exercise 2.2
/**
 * Puts patches together again: `[B, (H / patch) · (W / patch), patch · patch · C]` → `[B, H, W, C]`.
 *
 * The exact inverse of `patchify`; `image` is `[H, W, C]`.
 */
export function unpatchify(
  patches: tf.Tensor,
  patch: number,
  image: readonly [height: number, width: number, channels: number],
): tf.Tensor {
  // given
  const [height, width, channels] = image;
  const batch = patches.shape[0]!;
  const rows = height / patch, columns = width / patch;
  // end given
  const cut = tf.reshape(patches, [batch, rows, columns, patch, patch, channels]);
  const pixels = tf.transpose(cut, [0, 1, 3, 2, 4, 5]);
  return tf.reshape(pixels, [batch, height, width, channels]);
}

// exercise 2.3
/**
 * A code for every cell of a grid, row by row: `[rows · columns, width]`; the width is divisible by 4.
 *
 * With waves = width / 4 and frequency_k = 10000^(−k / waves), k = 0 … waves − 1, the code of cell
 * (row, column) is four stretches of `waves` numbers, one after the other:
 *
 *   sin(row · frequency_k),  cos(row · frequency_k),  sin(column · frequency_k),  cos(column · frequency_k)
 */
export function positions2d(rows: number, columns: number, width: number): tf.Tensor {
  // given
  const waves = width / 4;
  // end given
  const codes: number[][] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const code = new Array<number>(width);
      for (let k = 0; k < waves; k++) {
        const frequency = 10_000 ** (-k / waves);
        code[k] = Math.sin(row * frequency);
        code[waves + k] = Math.cos(row * frequency);
        code[2 * waves + k] = Math.sin(column * frequency);
        code[3 * waves + k] = Math.cos(column * frequency);
      }
      codes.push(code);
    }
  }
  return tf.tensor2d(codes, [rows * columns, width]);
}

// exercise 2.4
/**
 * Multi-head attention: q `[B, N, D]`, k and v `[B, M, D]` → `[B, N, D]`.
 *
 * Each of the `heads` works on its own d = D / heads features, head h on features h·d … (h + 1)·d − 1:
 *
 *   weights = softmax(q · kᵀ / √d)   [N, M], each row sums to 1
 *   output  = weights · v            [N, d]
 *
 * The heads' outputs lie side by side in the result, in the same order.
 */
export function attention(q: tf.Tensor, k: tf.Tensor, v: tf.Tensor, heads: number): tf.Tensor {
  // given
  const [batch, queries, width] = q.shape as [number, number, number];
  const keys = k.shape[1]!;
  const headWidth = width / heads;
  // end given
  const split = (x: tf.Tensor, tokens: number) =>
    tf.transpose(tf.reshape(x, [batch, tokens, heads, headWidth]), [0, 2, 1, 3]);
  const products = tf.matMul(split(q, queries), split(k, keys), false, true);
  const weights = tf.softmax(tf.div(products, Math.sqrt(headWidth)), -1);
  const mixed = tf.matMul(weights, split(v, keys));
  return tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [batch, queries, width]);
}

// exercise 2.5
/**
 * Adaptive layer normalisation: tokens `[B, N, D]`, shift and scale `[B, D]` → `[B, N, D]`.
 *
 *   x̂ = (x − mean) / √(variance + 10⁻⁶),  mean and variance over the D features of each token
 *   y = (1 + scale) · x̂ + shift,          one scale and one shift for all tokens of an image
 */
export function modulate(tokens: tf.Tensor, shift: tf.Tensor, scale: tf.Tensor): tf.Tensor {
  // given
  const [batch, , width] = tokens.shape as [number, number, number];
  // end given
  const centred = tf.sub(tokens, tf.mean(tokens, -1, true));
  const variance = tf.mean(tf.square(centred), -1, true);
  const normalised = tf.div(centred, tf.sqrt(tf.add(variance, 1e-6)));
  const perImage = (vector: tf.Tensor) => tf.reshape(vector, [batch, 1, width]);
  return tf.add(tf.mul(tf.add(1, perImage(scale)), normalised), perImage(shift));
}

// exercise 2.6
/**
 * One block of a diffusion transformer: tokens `[B, N, D]` → `[B, N, D]`.
 *
 * `modulation` `[B, 6 · D]` holds six vectors `[B, D]` side by side: shift₁, scale₁, gate₁, shift₂, scale₂, gate₂.
 *
 *   tokens ← tokens + gate₁ · attend(modulate(tokens, shift₁, scale₁))
 *   tokens ← tokens + gate₂ · transform(modulate(tokens, shift₂, scale₂))
 *
 * A gate is multiplied feature by feature, the same for all tokens of an image. `parts` are functions:
 * `modulate` as in exercise 2.5, `attend` and `transform` from `[B, N, D]` to `[B, N, D]`.
 */
export function block(
  tokens: tf.Tensor,
  modulation: tf.Tensor,
  parts: {
    modulate: (tokens: tf.Tensor, shift: tf.Tensor, scale: tf.Tensor) => tf.Tensor;
    attend: (tokens: tf.Tensor) => tf.Tensor;
    transform: (tokens: tf.Tensor) => tf.Tensor;
  },
): tf.Tensor {
  // given
  const [batch, , width] = tokens.shape as [number, number, number];
  // end given
  const [shift1, scale1, gate1, shift2, scale2, gate2] = tf.split(modulation, 6, 1);
  const perImage = (gate: tf.Tensor) => tf.reshape(gate, [batch, 1, width]);
  const attended = parts.attend(parts.modulate(tokens, shift1!, scale1!));
  const mixed = tf.add(tokens, tf.mul(perImage(gate1!), attended));
  const transformed = parts.transform(parts.modulate(mixed, shift2!, scale2!));
  return tf.add(mixed, tf.mul(perImage(gate2!), transformed));
}
