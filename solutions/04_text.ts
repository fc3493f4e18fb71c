/** Reference answers to the exercises of notebook 04, text conditioning. */
import * as tf from "@tensorflow/tfjs-core";

// exercise 4.1
/**
 * Spells a text with the pieces of a vocabulary, as WordPiece does: the list of pieces, in the order of the text.
 *
 * Each word is cut from left to right: always the longest piece of the vocabulary that the rest of the word begins
 * with. A piece that does not begin its word stands in the vocabulary, and in the answer, with ## before it: "chairs"
 * may become "chair", "##s". Where no piece fits, one character becomes "<unknown>", and the rest goes on after it.
 */
export function tokenise(text: string, vocabulary: readonly string[]): string[] {
  // given
  const words = text.toLowerCase().split(/\s+/).filter((word) => word !== "");
  const pieces: string[] = [];
  // end given
  for (const word of words) {
    let start = 0;
    while (start < word.length) {
      const mark = start > 0 ? "##" : "";
      let end = word.length;
      while (end > start && !vocabulary.includes(mark + word.slice(start, end))) end--;
      pieces.push(end > start ? mark + word.slice(start, end) : "<unknown>");
      start = Math.max(end, start + 1);
    }
  }
  return pieces;
}

// exercise 4.2
/**
 * One vector for each text: the mean of its tokens, scaled to length 1.
 *
 *     m[b] = mean of tokens[b, l] over the places l with mask[b, l] = 1
 *     y[b] = m[b] / √(Σ m[b, d]²)
 *
 * tokens are [B, L, D]; mask [B, L] is 1 for a token and 0 for padding, and every text has a token. Returns [B, D].
 */
export function poolTokens(tokens: tf.Tensor, mask: tf.Tensor): tf.Tensor {
  const kept = tf.expandDims(mask, 2);
  const mean = tf.div(tf.sum(tf.mul(tokens, kept), 1), tf.sum(kept, 1));
  return tf.div(mean, tf.sqrt(tf.sum(tf.square(mean), 1, true)));
}

// exercise 4.3
/**
 * The contrastive loss of B pictures and their B texts, as in CLIP: a scalar.
 *
 *     s[i, j] = scale · (pictures[i] · texts[j])
 *     row[i]    = −log softmax over j of s[i, j], at j = i     (which text belongs to picture i?)
 *     column[j] = −log softmax over i of s[i, j], at i = j     (which picture belongs to text j?)
 *     loss = (mean of row + mean of column) / 2
 *
 * pictures and texts are [B, D]; row i of the one belongs to row i of the other.
 */
export function contrastiveLoss(pictures: tf.Tensor, texts: tf.Tensor, scale: number): tf.Scalar {
  // given
  const batch = pictures.shape[0]!;
  const isPair = tf.eye(batch);
  // end given
  const scores = tf.mul(tf.matMul(pictures, texts, false, true), scale);
  const surprise = (scores: tf.Tensor) =>
    tf.neg(tf.div(tf.sum(tf.mul(isPair, tf.logSoftmax(scores, -1))), batch));
  return tf.div(tf.add(surprise(scores), surprise(tf.transpose(scores))), 2);
}

// exercise 4.4
/**
 * Cross-attention with one head: the patches of a picture ask the tokens of its text.
 *
 *     score[b, n, l] = queries[b, n] · keys[b, l] / √D          where mask[b, l] = 1
 *     score[b, n, l] = −10⁹, as good as minus infinity          where mask[b, l] = 0
 *     answer[b, n] = Σ over l of softmax(score[b, n])[l] · values[b, l]
 *
 * queries are [B, N, D], keys and values [B, L, D], mask [B, L] is 1 for a token and 0 for padding. Returns [B, N, D].
 */
export function crossAttention(
  queries: tf.Tensor,
  keys: tf.Tensor,
  values: tf.Tensor,
  mask: tf.Tensor,
): tf.Tensor {
  // given
  const [, , width] = queries.shape as [number, number, number];
  // end given
  const scores = tf.div(tf.matMul(queries, keys, false, true), Math.sqrt(width));
  const closed = tf.expandDims(tf.mul(tf.sub(mask, 1), 1e9), 1);
  return tf.matMul(tf.softmax(tf.add(scores, closed), -1), values);
}

// exercise 4.5
/**
 * Text dropout: what stands for the text of each example, [B, …] → [B, …].
 *
 * Where keep[b] is 1 it is text[b] as it is, where keep[b] is 0 it is `nothing`, the learned vectors that mean "no
 * text". text is [B, W] for pooled vectors, where nothing is [W], or [B, L, D] for tokens, where nothing is [D]: the
 * same null token at every place. keep is [B].
 */
export function dropText(text: tf.Tensor, keep: tf.Tensor, nothing: tf.Tensor): tf.Tensor {
  // given
  const [batch, ...rest] = text.shape as [number, ...number[]];
  // end given
  const kept = tf.reshape(keep, [batch, ...rest.map(() => 1)]);
  return tf.add(tf.mul(kept, text), tf.mul(tf.sub(1, kept), nothing));
}

// exercise 4.6
/**
 * How much the prompt decides, compared with the noise: a number, 0 if the prompt changes nothing.
 *
 *     d(a, b) = mean over the numbers of two pictures of (a − b)²
 *     by prompt = mean of d over all pairs of pictures with the same noise and different prompts
 *     by noise  = mean of d over all pairs of pictures with the same prompt and different noises
 *     sensitivity = √(by prompt / by noise)
 *
 * pictures are [P, S, K]: P prompts, S noises, K numbers each; pictures[p, s] was drawn for prompt p from noise s.
 */
export function promptSensitivity(pictures: tf.Tensor): number {
  // given
  const grid = pictures.arraySync() as number[][][];
  const mean = (numbers: number[]) => numbers.reduce((sum, n) => sum + n, 0) / numbers.length;
  const distance = (a: number[], b: number[]) => mean(a.map((value, k) => (value - b[k]!) ** 2));
  // end given
  const byPrompt: number[] = [], byNoise: number[] = [];
  grid.forEach((row, p) =>
    row.forEach((picture, s) => {
      for (let other = 0; other < p; other++) byPrompt.push(distance(picture, grid[other]![s]!));
      for (let other = 0; other < s; other++) byNoise.push(distance(picture, row[other]!));
    })
  );
  return Math.sqrt(mean(byPrompt) / mean(byNoise));
}
