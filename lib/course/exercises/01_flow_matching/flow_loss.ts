import * as tf from "@tensorflow/tfjs-core";
import { interpolate, velocity } from "../../../flow/mod.ts";
import { float32, type HostTensor } from "../../../tensors.ts";
import type { Exercise } from "../../exercise.ts";
import { answer, field, levels, normal } from "./values.ts";

type Field = (xt: tf.Tensor, t: tf.Tensor) => tf.Tensor;

const points = normal([6, 2], 21), noise = normal([6, 2], 22);
const pictures = normal([3, 4, 5, 1], 23), static_ = normal([3, 4, 5, 1], 24);

/** Exercise 1.3. */
export const flowLossExercise: Exercise = {
  id: "1.3",
  name: "flowLoss",
  title: "The flow matching loss",
  difficulty: 2,
  importance: 5,
  minutes: 8,
  hints: [
    "Four lines: the noisy points x_t (exercise 1.1, `level` is given), the target (1.2), the field's answer, and the mean.",
    "The field is called with the noisy points and the noise levels as they came: `field(xt, t)`.",
    "`tf.mean` without an axis is the mean over all numbers, and `tf.square` is the square: " +
    "`tf.mean(tf.square(tf.sub(…, …)))`.",
  ],
  checks: [
    {
      name: "a field that stands still, calculated by hand",
      // v = [1, 3], the field says [0, 0]: (1² + 3²) / 2 = 5
      args: [
        field("constantField", { value: 0 }),
        float32([1, 2], [2, 0]),
        float32([1, 2], [3, 3]),
        float32([1], [0.5]),
      ],
      expected: () => float32([], [5]),
    },
    {
      name: "a field that is always right has loss 0",
      args: [
        field("constantField", { value: -2 }),
        float32([2, 2], [0, 3, 5, 5]),
        float32([2, 2], [-2, 1, 3, 3]),
        float32([2], [0.2, 0.9]),
      ],
      expected: () => float32([], [0]),
    },
    {
      name: "the field sees the noisy points: points [B, 2]",
      args: [field("linearField", { rate: 0.7 }), points, noise, levels(6)],
      expected: () => lossOfLinearField(0.7, points, noise, levels(6)),
    },
    {
      name: "the field sees the noise levels [B]",
      args: [field("risingField", { rate: 1 }), points, noise, levels(6)],
      expected: () =>
        answer(
          (x0, x1, t) => {
            const said = tf.reshape(t, [t.size, 1]);
            return tf.mean(tf.square(tf.sub(said, velocity(x0, x1))));
          },
          points,
          noise,
          levels(6),
        ),
    },
    {
      name: "pictures [B, H, W, C]",
      args: [field("linearField", { rate: -1 }), pictures, static_, levels(3)],
      expected: () => lossOfLinearField(-1, pictures, static_, levels(3)),
    },
  ],
  bugs: [
    {
      name: "no square",
      says: "The error is not squared: this looks like the mean of the absolute differences.",
      wrong: (v: Field, x0: tf.Tensor, x1: tf.Tensor, t: tf.Tensor) =>
        tf.mean(tf.abs(tf.sub(v(interpolate(x0, x1, t), t), velocity(x0, x1)))),
    },
    {
      name: "sum instead of mean",
      says: "This is a sum. A mean does not grow with the number of examples or pixels.",
      wrong: (v: Field, x0: tf.Tensor, x1: tf.Tensor, t: tf.Tensor) =>
        tf.sum(tf.square(tf.sub(v(interpolate(x0, x1, t), t), velocity(x0, x1)))),
    },
    {
      name: "field sees the clean data",
      says: "The field seems to see the clean data x0. It must be asked at the noisy point x_t: " +
        "that is where it will stand when it draws.",
      wrong: (v: Field, x0: tf.Tensor, x1: tf.Tensor, t: tf.Tensor) =>
        tf.mean(tf.square(tf.sub(v(x0, t), velocity(x0, x1)))),
    },
    {
      name: "the noise as target",
      says:
        "The target looks like the noise x1, as in models that predict noise. Here it is the velocity.",
      wrong: (v: Field, x0: tf.Tensor, x1: tf.Tensor, t: tf.Tensor) =>
        tf.mean(tf.square(tf.sub(v(interpolate(x0, x1, t), t), x1))),
    },
    {
      name: "flipped target",
      says: "The sign of the target looks flipped: the velocity points from data to noise.",
      wrong: (v: Field, x0: tf.Tensor, x1: tf.Tensor, t: tf.Tensor) =>
        tf.mean(tf.square(tf.sub(v(interpolate(x0, x1, t), t), velocity(x1, x0)))),
    },
    {
      name: "a loss for each example",
      says:
        "There is one loss for each example; the mean should go over the examples too, down to one number.",
      wrong: (v: Field, x0: tf.Tensor, x1: tf.Tensor, t: tf.Tensor) =>
        tf.mean(tf.square(tf.sub(v(interpolate(x0, x1, t), t), velocity(x0, x1))), -1),
    },
  ],
};

/** The loss of the field v(x, t) = rate · x. */
function lossOfLinearField(rate: number, ...batch: readonly [HostTensor, HostTensor, HostTensor]) {
  return answer((x0, x1, t) => {
    const said = tf.mul(rate, interpolate(x0!, x1!, t!));
    return tf.mean(tf.square(tf.sub(said, velocity(x0!, x1!))));
  }, ...batch);
}
