import * as tf from "@tensorflow/tfjs-core";
import { guidedVelocity } from "../../../flow/mod.ts";
import type { Model } from "../../../models/mod.ts";
import { float32, type HostTensor } from "../../../tensors.ts";
import type { Callback, Exercise } from "../../exercise.ts";
import { LABEL_FIELDS } from "./callbacks.ts";
import { answer, labelTensor, normal } from "./values.ts";

type Field = (x: tf.Tensor, t: tf.Tensor, labels: tf.Tensor) => tf.Tensor;
/** What follows the field in the learner's function. */
type Rest = [x: tf.Tensor, t: tf.Tensor, labels: tf.Tensor, nullClass: number, scale: tf.Tensor];

const points = normal([3, 2], 21), times = float32([3], [0.9, 0.5, 0.1]);
const pictures = normal([2, 4, 3, 1], 22), levels = float32([2], [0.2, 0.8]);

/** Exercise 3.3. */
export const guidedVelocityExercise: Exercise = {
  id: "3.3",
  name: "guidedVelocity",
  title: "Both velocities in one call",
  difficulty: 3,
  importance: 4,
  minutes: 10,
  hints: [
    "Stack the batch on itself along the first axis: `tf.concat([x, x])` is [2·B, …]. The noise levels go twice too.",
    "The labels of the stacked batch are the labels, and then `nothing`: `tf.concat([labels, nothing])`.",
    "`tf.split(both, 2)` cuts the answer [2·B, …] into its halves, in the order in which you stacked them. " +
    "The last two lines are those of exercise 3.2.",
  ],
  checks: [
    {
      name: "one point, calculated by hand",
      // v = 0 · x + (label + 1)² · (1 + t): 4 with label 1, 9 with the null class 2; 9 + 3 · (4 − 9) = −6
      args: [
        field(0),
        float32([1, 1], [5]),
        float32([1], [0]),
        labelTensor([1]),
        2,
        float32([1], [3]),
      ],
      expected: () => float32([1, 1], [-6]),
    },
    {
      name: "scale 1 is the field with its labels",
      args: [field(0.5), points, times, labelTensor([0, 1, 2]), 4, float32([3], [1, 1, 1])],
      expected: () => guidedBy(0.5, [points, times, labelTensor([0, 1, 2])], 4, [1, 1, 1]),
    },
    {
      name: "scale 0 is the field without labels",
      args: [field(0.5), points, times, labelTensor([0, 1, 2]), 4, float32([3], [0, 0, 0])],
      expected: () => guidedBy(0.5, [points, times, labelTensor([0, 1, 2])], 4, [0, 0, 0]),
    },
    {
      name: "points [3, 2], each with its own label, noise level and scale",
      args: [field(-1), points, times, labelTensor([2, 0, 3]), 4, float32([3], [0.5, 2, 4])],
      expected: () => guidedBy(-1, [points, times, labelTensor([2, 0, 3])], 4, [0.5, 2, 4]),
      draw: "points",
    },
    {
      name: "pictures [B, H, W, C]",
      args: [field(2), pictures, levels, labelTensor([9, 4]), 10, float32([2], [1.5, 3])],
      expected: () => guidedBy(2, [pictures, levels, labelTensor([9, 4])], 10, [1.5, 3]),
      tolerance: 1e-4,
    },
    {
      name: "the field is called with 2 · B examples at once",
      args: [field(1, 6), points, times, labelTensor([1, 1, 0]), 2, float32([3], [2, 2, 2])],
      expected: () => guidedBy(1, [points, times, labelTensor([1, 1, 0])], 2, [2, 2, 2]),
    },
  ],
  bugs: [
    {
      name: "halves swapped",
      says: "The halves look swapped: what comes first out of `tf.split` is what went in first.",
      wrong: (v: Field, ...[x, t, labels, nullClass, scale]: Rest) => {
        const [first, second] = inOneCall(v, x, t, labels, nullFor(labels, nullClass));
        return guided(second, first, scale);
      },
    },
    {
      name: "null class left out",
      says:
        "This is the conditional velocity alone, whatever the scale. Is the second half asked with the null class?",
      wrong: (v: Field, ...[x, t, labels, , scale]: Rest) => {
        const [first, second] = inOneCall(v, x, t, labels, labels);
        return guided(first, second, scale);
      },
    },
    {
      name: "last class as null class",
      says:
        "The null class is off by one: with classes 0 … 9 it is 10, and it comes as `nullClass` already.",
      wrong: (v: Field, ...[x, t, labels, nullClass, scale]: Rest) => {
        const [first, second] = inOneCall(v, x, t, labels, nullFor(labels, nullClass - 1));
        return guided(first, second, scale);
      },
    },
    {
      name: "class 0 as null class",
      says: 'The second half seems to be asked for class 0. "No label" is the class `nullClass`.',
      wrong: (v: Field, ...[x, t, labels, , scale]: Rest) => {
        const [first, second] = inOneCall(v, x, t, labels, nullFor(labels, 0));
        return guided(first, second, scale);
      },
    },
    {
      name: "noise levels of the second half wrong",
      says:
        "The second half seems to be asked at another noise level: it needs the same t once more.",
      wrong: (v: Field, ...[x, t, labels, nullClass, scale]: Rest) => {
        const both = v(
          tf.concat([x, x]),
          tf.concat([t, tf.zerosLike(t)]),
          tf.concat([labels, nullFor(labels, nullClass)]),
        );
        const [first, second] = tf.split(both, 2) as [tf.Tensor, tf.Tensor];
        return guided(first, second, scale);
      },
    },
    {
      name: "two calls",
      says:
        "The numbers are right, but the field is called twice. One call with both halves stacked is what a " +
        "sampler wants: the same work in fewer, larger pieces.",
      wrong: (v: Field, ...[x, t, labels, nullClass, scale]: Rest) =>
        guided(v(x, t, labels), v(x, t, nullFor(labels, nullClass)), scale),
    },
  ],
};

function field(rate: number, rows?: number): Callback {
  return { callback: "labelField", options: { rate, ...(rows !== undefined && { rows }) } };
}

/** The answer of the library, whose model is that field. */
function guidedBy(
  rate: number,
  [x, t, labels]: readonly [HostTensor, HostTensor, HostTensor],
  nullClass: number,
  scale: number[],
): HostTensor {
  const velocity = LABEL_FIELDS.labelField({ rate });
  const model: Model = {
    name: "a field",
    params: {},
    imageShape: [1, 1, 1],
    classes: nullClass,
    apply: (_, { x, t, label }) => velocity(x, t, label),
  };
  const guided = guidedVelocity(model);
  return answer(
    (x, t, label, scale) => guided({}, { x: x!, t: t!, label: label!, scale: scale! }),
    ...[x, t, labels, float32([scale.length], scale)],
  );
}

function inOneCall(
  v: Field,
  x: tf.Tensor,
  t: tf.Tensor,
  labels: tf.Tensor,
  nothing: tf.Tensor,
): [tf.Tensor, tf.Tensor] {
  const both = v(tf.concat([x, x]), tf.concat([t, t]), tf.concat([labels, nothing]));
  return tf.split(both, 2) as [tf.Tensor, tf.Tensor];
}

function nullFor(labels: tf.Tensor, nullClass: number): tf.Tensor {
  return tf.fill(labels.shape, nullClass, "int32");
}

function guided(conditional: tf.Tensor, unconditional: tf.Tensor, scale: tf.Tensor): tf.Tensor {
  const strength = tf.reshape(scale, [scale.size, ...conditional.shape.slice(1).map(() => 1)]);
  return tf.add(unconditional, tf.mul(strength, tf.sub(conditional, unconditional)));
}
