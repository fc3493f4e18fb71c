import * as tf from "@tensorflow/tfjs-core";
import { float32, type HostTensor } from "../../../tensors.ts";
import type { Exercise } from "../../exercise.ts";
import { tensorOf } from "../../outputs.ts";
import { normal, unitRows } from "./values.ts";

const eye = float32([2, 2], [1, 0, 0, 1]);
const pictures = unitRows(normal([6, 4], 1)), texts = unitRows(normal([6, 4], 2));
/** As many pairs as features, so that a wrong product has the right shape. */
const four = unitRows(normal([4, 4], 3)), fourTexts = unitRows(normal([4, 4], 4));
const order = [3, 0, 5, 1, 4, 2];

/** Exercise 4.3. */
export const contrastiveLossExercise: Exercise = {
  id: "4.3",
  name: "contrastiveLoss",
  title: "The contrastive loss",
  difficulty: 4,
  importance: 5,
  minutes: 20,
  hints: [
    "All scores at once: `tf.matMul(pictures, texts, false, true)` is pictures · textsᵀ, [B, B], one row for each " +
    "picture. Times the scale.",
    "`tf.logSoftmax(scores, -1)` works along the last axis: along each row. Only its diagonal counts, and `isPair` is 1 " +
    "there and 0 elsewhere: multiply and sum.",
    "For the columns, do the same to `tf.transpose(scores)`. (tfjs's logSoftmax knows only the last axis.)",
    "Two means over B, one over two: divide the sums by `batch`, add them, and halve. Logarithms of shares are " +
    "negative, and a loss is positive.",
  ],
  checks: [
    {
      name: "two pairs that fit, scale ln 3: every softmax is ¾ : ¼, calculated by hand",
      args: [eye, eye, Math.log(3)],
      expected: () => scalar(Math.log(4 / 3)),
    },
    {
      name: "swapped: each picture has the other's text",
      args: [eye, float32([2, 2], [0, 1, 1, 0]), Math.log(3)],
      expected: () => scalar(Math.log(4)),
    },
    {
      name: "two equal pictures: rows and columns differ, calculated by hand",
      // rows: −ln ¾ and −ln ¼, columns: −ln ½ twice
      args: [float32([2, 2], [1, 0, 1, 0]), eye, Math.log(3)],
      expected: () => scalar(((Math.log(4 / 3) + Math.log(4)) / 2 + Math.log(2)) / 2),
    },
    {
      name: "with scale 0 all texts are alike: ln B, here ln 6",
      args: [pictures, texts, 0],
      expected: () => scalar(Math.log(6)),
    },
    {
      name: "four pairs of four features",
      args: [four, fourTexts, 2],
      expected: () => scalar(lossOf(four, fourTexts, 2)),
    },
    {
      name: "six pairs, scale 5",
      args: [pictures, texts, 5],
      expected: () => scalar(lossOf(pictures, texts, 5)),
    },
    {
      name: "scores of a thousand are no problem",
      args: [eye, eye, 1000],
      expected: () => scalar(0),
    },
    {
      name: "pictures and texts may change places, and pairs their order",
      calls: [
        [pictures, texts, 3],
        [texts, pictures, 3],
        [inOrder(pictures), inOrder(texts), 3],
      ],
      judge: (outputs) => {
        const [first, second, third] = outputs.map((output) => tensorOf(output, []).data[0]!);
        if (Math.abs(first! - second!) > 1e-4) {
          return `with pictures and texts exchanged ${second} instead of ${first}`;
        }
        if (Math.abs(first! - third!) > 1e-4) {
          return `with the pairs in another order ${third} instead of ${first}`;
        }
      },
    },
  ],
  bugs: [
    {
      name: "rows only",
      says:
        "Only the rows count: which text belongs to each picture. The columns ask the other way round.",
      wrong: (pictures: tf.Tensor, texts: tf.Tensor, scale: number) =>
        surprise(scoresOf(pictures, texts, scale)),
    },
    {
      name: "columns only",
      says:
        "Only the columns count: which picture belongs to each text. The rows ask the other way round.",
      wrong: (pictures: tf.Tensor, texts: tf.Tensor, scale: number) =>
        surprise(tf.transpose(scoresOf(pictures, texts, scale))),
    },
    {
      name: "scale forgotten",
      says:
        "The scale has no effect. Products of vectors of length 1 are at most 1: too alike for a softmax to choose.",
      wrong: (pictures: tf.Tensor, texts: tf.Tensor) => symmetric(scoresOf(pictures, texts, 1)),
    },
    {
      name: "divided by the scale",
      says:
        "The products are divided by the scale. It multiplies here; papers divide by its inverse.",
      wrong: (pictures: tf.Tensor, texts: tf.Tensor, scale: number) =>
        symmetric(scoresOf(pictures, texts, 1 / scale)),
    },
    {
      name: "sign",
      says: "The sign is flipped: logarithms of shares are negative, and a loss is positive.",
      wrong: (pictures: tf.Tensor, texts: tf.Tensor, scale: number) =>
        tf.neg(symmetric(scoresOf(pictures, texts, scale))),
    },
    {
      name: "sum of both",
      says: "Rows and columns are added: take the mean of both.",
      wrong: (pictures: tf.Tensor, texts: tf.Tensor, scale: number) =>
        tf.mul(2, symmetric(scoresOf(pictures, texts, scale))),
    },
    {
      name: "sum over the pairs",
      says: "The pairs are added up. With their mean the loss does not grow with the batch.",
      wrong: (pictures: tf.Tensor, texts: tf.Tensor, scale: number) =>
        tf.mul(pictures.shape[0]!, symmetric(scoresOf(pictures, texts, scale))),
    },
    {
      name: "mean over all cells",
      says:
        "It is divided by all B · B cells, but only the B on the diagonal count: `tf.mean` sees the zeros too.",
      wrong: (pictures: tf.Tensor, texts: tf.Tensor, scale: number) =>
        tf.div(symmetric(scoresOf(pictures, texts, scale)), pictures.shape[0]!),
    },
    {
      name: "log left out",
      says: "These are the shares themselves. The loss is minus their logarithm.",
      wrong: (pictures: tf.Tensor, texts: tf.Tensor, scale: number) => {
        const scores = scoresOf(pictures, texts, scale), pair = tf.eye(scores.shape[0]!);
        const share = (scores: tf.Tensor) =>
          tf.div(tf.sum(tf.mul(pair, tf.softmax(scores, -1))), -scores.shape[0]!);
        return tf.div(tf.add(share(scores), share(tf.transpose(scores))), 2);
      },
    },
    {
      name: "softmax written out",
      says:
        "e to the power of 1000 is infinite. Use `tf.logSoftmax`, which first subtracts the largest score.",
      wrong: (pictures: tf.Tensor, texts: tf.Tensor, scale: number) => {
        const scores = scoresOf(pictures, texts, scale), pair = tf.eye(scores.shape[0]!);
        const surprise = (scores: tf.Tensor) => {
          const powers = tf.exp(scores);
          const shares = tf.div(powers, tf.sum(powers, -1, true));
          return tf.div(tf.sum(tf.mul(pair, tf.log(shares))), -scores.shape[0]!);
        };
        return tf.div(tf.add(surprise(scores), surprise(tf.transpose(scores))), 2);
      },
    },
  ],
};

function scoresOf(pictures: tf.Tensor, texts: tf.Tensor, scale: number): tf.Tensor {
  return tf.mul(tf.matMul(pictures, texts, false, true), scale);
}

function surprise(scores: tf.Tensor): tf.Tensor {
  const batch = scores.shape[0]!;
  return tf.div(tf.sum(tf.mul(tf.eye(batch), tf.logSoftmax(scores, -1))), -batch);
}

function symmetric(scores: tf.Tensor): tf.Tensor {
  return tf.div(tf.add(surprise(scores), surprise(tf.transpose(scores))), 2);
}

function scalar(value: number): HostTensor {
  return float32([], [value]);
}

function inOrder({ data, shape }: HostTensor): HostTensor {
  const width = shape[1]!;
  const rows = order.map((row) => [...data.subarray(row * width, (row + 1) * width)]);
  return float32(shape, rows.flat());
}

/** The same with plain numbers. */
function lossOf(pictures: HostTensor, texts: HostTensor, scale: number): number {
  const [batch, width] = pictures.shape as [number, number];
  const score = (i: number, j: number) => {
    let product = 0;
    for (let d = 0; d < width; d++) {
      product += pictures.data[i * width + d]! * texts.data[j * width + d]!;
    }
    return scale * product;
  };
  const all = Array.from({ length: batch }, (_, i) => i);
  const surprise = (mine: number, others: number[]) =>
    Math.log(others.reduce((sum, other) => sum + Math.exp(other), 0)) - mine;
  const losses = all.flatMap((i) => [
    surprise(score(i, i), all.map((j) => score(i, j))),
    surprise(score(i, i), all.map((j) => score(j, i))),
  ]);
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}
