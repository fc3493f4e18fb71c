import * as tf from "@tensorflow/tfjs-core";
import { float32, type HostTensor } from "../../../tensors.ts";
import type { Exercise } from "../../exercise.ts";
import { normal, someLabels } from "./values.ts";

const logits = normal([60, 10], 31), labels = someLabels(60, 10, 32);
/** As many images as classes, so that a wrong axis has the right length. */
const asMany = normal([4, 4], 34), labelsOfFour = [1, 3, 3, 0];

/** Exercise 3.4. */
export const classAccuracyExercise: Exercise = {
  id: "3.4",
  name: "classAccuracy",
  title: "Class accuracy",
  difficulty: 1,
  importance: 3,
  minutes: 5,
  hints: [
    "`tf.argMax(logits, axis)` gives the place of the highest number along an axis. Each image has a row of scores.",
    "`.dataSync()` turns a tensor into a plain array that you can compare with `labels` item by item.",
    "Count the places where both agree, and divide by how many there are: a share, not a number of images.",
  ],
  checks: [
    {
      name: "three of four right, by hand",
      args: [float32([4, 3], [5, 1, 0, -3, -1, -2, 0, 1, 9, 2, 3, 1]), [0, 1, 2, 0]],
      expected: () => 0.75,
    },
    {
      name: "all right, and all wrong",
      calls: [
        [float32([2, 2], [1, 0, 0, 1]), [0, 1]],
        [float32([2, 2], [1, 0, 0, 1]), [1, 0]],
      ],
      judge: ([right, wrong]) => {
        if (right !== 1) return `all right: expected 1, got ${String(right)}`;
        if (wrong !== 0) return `all wrong: expected 0, got ${String(wrong)}`;
      },
    },
    {
      name: "as many images as classes",
      args: [asMany, labelsOfFour],
      expected: () => shareOfRight(asMany, labelsOfFour),
    },
    {
      name: "60 images of 10 classes",
      args: [logits, labels],
      expected: () => shareOfRight(logits, labels),
    },
  ],
  bugs: [
    {
      name: "wrong axis",
      says:
        "The highest score is looked for along the wrong axis: among the images instead of the classes.",
      wrong: (logits: tf.Tensor, labels: number[]) => {
        const read = tf.argMax(logits, 0).dataSync();
        return labels.filter((label, i) => read[i] === label).length / labels.length;
      },
    },
    {
      name: "a count",
      says: "This is how many images are right; divide it by how many there are.",
      wrong: (logits: tf.Tensor, labels: number[]) => {
        const read = tf.argMax(logits, 1).dataSync();
        return labels.filter((label, i) => read[i] === label).length;
      },
    },
    {
      name: "share of errors",
      says: "This is the share of wrong images. Accuracy is the share of right ones.",
      wrong: (logits: tf.Tensor, labels: number[]) => {
        const read = tf.argMax(logits, 1).dataSync();
        return labels.filter((label, i) => read[i] !== label).length / labels.length;
      },
    },
    {
      name: "lowest score",
      says:
        "The class of the lowest score is taken; the classifier reads the class of the highest.",
      wrong: (logits: tf.Tensor, labels: number[]) => {
        const read = tf.argMin(logits, 1).dataSync();
        return labels.filter((label, i) => read[i] === label).length / labels.length;
      },
    },
  ],
};

/** The same by comparing numbers one by one. */
function shareOfRight({ data, shape }: HostTensor, labels: number[]): number {
  const classes = shape[1]!;
  const right = labels.filter((label, i) => {
    const row = [...data.subarray(i * classes, (i + 1) * classes)];
    return row[label] === Math.max(...row);
  });
  return right.length / labels.length;
}
