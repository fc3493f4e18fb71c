import * as tf from "@tensorflow/tfjs-core";
import { float32, type HostTensor } from "../../../tensors.ts";
import type { Exercise } from "../../exercise.ts";
import { normal } from "./values.ts";

const pooled = normal([5, 8], 1), nothing = normal([8], 2);
const tokens = normal([4, 3, 2], 3), noToken = normal([2], 4);
/** As many examples as features, so that a wrong axis has the right length. */
const square = normal([4, 4], 5), noSquare = normal([4], 6);

/** Exercise 4.5. */
export const dropTextExercise: Exercise = {
  id: "4.5",
  name: "dropText",
  title: "Text dropout",
  difficulty: 2,
  importance: 5,
  minutes: 8,
  hints: [
    "keep is 1 or 0, so keep · text + (1 − keep) · nothing chooses one of both. Mind the shapes.",
    "tfjs lines shapes up from the right. keep is [B] and must become [B, 1, …, 1]: `rest.map(() => 1)` are the ones.",
    "nothing has no batch axis, and needs none: lined up from the right it goes to every example by itself.",
  ],
  checks: [
    {
      name: "one kept, one dropped: [2, 3]",
      args: [
        float32([2, 3], [1, 2, 3, 4, 5, 6]),
        float32([2], [1, 0]),
        float32([3], [7, 8, 9]),
      ],
      expected: () => float32([2, 3], [1, 2, 3, 7, 8, 9]),
    },
    {
      name: "all kept: the text as it is",
      args: [pooled, float32([5], [1, 1, 1, 1, 1]), nothing],
      expected: () => pooled,
    },
    {
      name: "pooled vectors [5, 8], some dropped",
      args: [pooled, float32([5], [0, 1, 1, 0, 1]), nothing],
      expected: () => chosen(pooled, [0, 1, 1, 0, 1], nothing),
      draw: "matrix",
    },
    {
      name: "as many examples as features: [4, 4]",
      args: [square, float32([4], [1, 0, 0, 1]), noSquare],
      expected: () => chosen(square, [1, 0, 0, 1], noSquare),
      draw: "matrix",
    },
    {
      name: "tokens [4, 3, 2]: a dropped text becomes the null token, three times",
      args: [tokens, float32([4], [0, 0, 1, 0]), noToken],
      expected: () => chosen(tokens, [0, 0, 1, 0], noToken),
    },
  ],
  bugs: [
    {
      name: "kept and dropped swapped",
      says: "It is the other way round: keep is 1 where the text stays.",
      wrong: (text: tf.Tensor, keep: tf.Tensor, nothing: tf.Tensor) =>
        mixed(text, tf.sub(1, keep), nothing),
    },
    {
      name: "zeros",
      says:
        'A dropped text became zeros. "No text" is a vector of its own, `nothing`, which the network learns.',
      wrong: (text: tf.Tensor, keep: tf.Tensor, nothing: tf.Tensor) =>
        mixed(text, keep, tf.zerosLike(nothing)),
    },
    {
      name: "added everywhere",
      says: "`nothing` is added to the texts that are kept, too.",
      wrong: (text: tf.Tensor, keep: tf.Tensor, nothing: tf.Tensor) =>
        tf.add(tf.mul(column(keep, text), text), nothing),
    },
    {
      name: "added to the dropped",
      says:
        "`nothing` is added to a dropped text, which is still there. It takes the text's place.",
      wrong: (text: tf.Tensor, keep: tf.Tensor, nothing: tf.Tensor) =>
        tf.add(text, tf.mul(tf.sub(1, column(keep, text)), nothing)),
    },
    {
      name: "features dropped",
      says:
        "Single features are dropped instead of whole texts: keep runs along the last axis. It belongs to the first, " +
        "[B, 1, …, 1].",
      wrong: (text: tf.Tensor, keep: tf.Tensor, nothing: tf.Tensor) =>
        tf.add(tf.mul(keep, text), tf.mul(tf.sub(1, keep), nothing)),
    },
    {
      name: "all or nothing",
      says: "All texts are dropped or kept together: each has its own number in keep.",
      wrong: (text: tf.Tensor, keep: tf.Tensor, nothing: tf.Tensor) =>
        mixed(text, tf.mul(tf.onesLike(keep), tf.slice(keep, 0, 1)), nothing),
    },
    {
      name: "dropped texts are left out",
      says: "The batch got shorter: a dropped text is replaced, its picture stays in the batch.",
      wrong: (text: tf.Tensor, keep: tf.Tensor) => {
        const places = [...keep.dataSync()].flatMap((kept, i) => kept === 1 ? [i] : []);
        return tf.gather(text, tf.tensor1d(places, "int32"));
      },
    },
  ],
};

function column(keep: tf.Tensor, text: tf.Tensor): tf.Tensor {
  return tf.reshape(keep, [keep.size, ...text.shape.slice(1).map(() => 1)]);
}

function mixed(text: tf.Tensor, keep: tf.Tensor, nothing: tf.Tensor): tf.Tensor {
  const kept = column(keep, text);
  return tf.add(tf.mul(kept, text), tf.mul(tf.sub(1, kept), nothing));
}

/** The same by copying. */
function chosen(text: HostTensor, keep: readonly number[], nothing: HostTensor): HostTensor {
  const size = text.data.length / keep.length, width = nothing.data.length;
  const numbers = Array.from(
    text.data,
    (value, i) => keep[Math.floor(i / size)] === 1 ? value : nothing.data[i % width]!,
  );
  return float32(text.shape, numbers);
}
