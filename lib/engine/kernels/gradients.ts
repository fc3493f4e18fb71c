import * as tf from "@tensorflow/tfjs-core";
import { sizeOf } from "../../tensors.ts";

/**
 * Puts right the gradients of tfjs 4.22 that are missing, wrong or slow. They are made of tfjs operations and
 * hold on every backend.
 */
export function registerGradients(): void {
  BROADCASTING.forEach(sumOverBroadcastAxes);
  Object.entries(COMPARISONS).forEach(giveNothing);
  registerDilatedConvolution();
  registerCumsum();
  registerTile();
}

/** Operations whose gradients tfjs leaves in the broadcast shape, and then refuses. */
const BROADCASTING = ["Maximum", "Minimum", "SquaredDifference", "BatchMatMul"];

function sumOverBroadcastAxes(kernelName: string): void {
  const plain = tf.getGradient(kernelName);
  tf.registerGradient({
    ...plain,
    gradFunc(dy, saved, attributes) {
      const gradients = plain.gradFunc(dy, saved, attributes);
      const summed = (name: "a" | "b", operand: tf.Tensor) => () => {
        const gradient = gradients[name]!();
        const axes = tf.broadcast_util.getReductionAxes(operand.shape, gradient.shape);
        return tf.reshape(axes.length > 0 ? tf.sum(gradient, axes) : gradient, operand.shape);
      };
      return { a: summed("a", saved[0]!), b: summed("b", saved[1]!) };
    },
  });
}

/** Operations without a slope that may stand between a parameter and the loss, as in where(x > 0, …). */
const COMPARISONS = {
  Equal: ["a", "b"],
  NotEqual: ["a", "b"],
  Greater: ["a", "b"],
  GreaterEqual: ["a", "b"],
  Less: ["a", "b"],
  LessEqual: ["a", "b"],
  LogicalAnd: ["a", "b"],
  LogicalOr: ["a", "b"],
  LogicalNot: ["x"],
};

function giveNothing([kernelName, operands]: [string, string[]]): void {
  tf.registerGradient({
    kernelName,
    inputsToSave: operands,
    gradFunc: (_dy, saved) =>
      Object.fromEntries(operands.map((name, i) => [name, () => tf.zeros(saved[i]!.shape)])),
  });
}

/** tfjs refuses dilation. */
function registerDilatedConvolution(): void {
  const plain = tf.getGradient("Conv2D");
  tf.registerGradient({
    kernelName: "Conv2D",
    inputsToSave: ["x", "filter"],
    gradFunc(dy, saved, attributes) {
      const { dilations, strides, pad, dataFormat } = attributes as unknown as ConvolutionSettings;
      const [down, across] = typeof dilations === "number" ? [dilations, dilations] : dilations;
      if (down === 1 && across === 1) return plain.gradFunc(dy, saved, attributes);
      // A dilated convolution is a plain one whose filter has zeros in between.
      const [x, filter] = saved as [tf.Tensor4D, tf.Tensor4D];
      const settings = { ...attributes, dilations: 1, strides, pad, dataFormat };
      const spaced = withZerosBetween(filter, [down!, across!]);
      const gradients = plain.gradFunc(dy, [x, spaced], settings);
      return {
        x: gradients.x!,
        filter: () => {
          const gradient = gradients.filter!();
          return tf.stridedSlice(gradient, [0, 0, 0, 0], gradient.shape, [down!, across!, 1, 1]);
        },
      };
    },
  });
}

/** tfjs transposes the result unless the axis is the last. */
function registerCumsum(): void {
  tf.registerGradient({
    kernelName: "Cumsum",
    inputsToSave: ["x"],
    gradFunc(dy, _saved, attributes) {
      const { axis, exclusive, reverse } = attributes as unknown as ScanSettings;
      return { x: () => tf.cumsum(dy as tf.Tensor, axis, exclusive, !reverse) };
    },
  });
}

/** tfjs adds one slice per repetition, and refuses more than four axes. */
function registerTile(): void {
  tf.registerGradient({
    kernelName: "Tile",
    inputsToSave: ["x"],
    gradFunc(dy, [x], attributes) {
      const { reps } = attributes as unknown as { reps: number[] };
      // Every axis becomes (repetition, place); repetitions are summed.
      const split = reps.flatMap((count, axis) => [count, x!.shape[axis]!]);
      const repetitions = reps.map((_, axis) => 2 * axis);
      return { x: () => tf.sum(tf.reshape(dy as tf.Tensor, split), repetitions) };
    },
  });
}

interface ConvolutionSettings {
  dilations: number | [number, number];
  strides: number | [number, number];
  pad: "valid" | "same" | number;
  dataFormat: "NHWC";
}

interface ScanSettings {
  axis: number;
  exclusive: boolean;
  reverse: boolean;
}

/** Filters `[height, width, in, out]` with zeros between their taps. */
function withZerosBetween(filter: tf.Tensor, [down, across]: [number, number]): tf.Tensor {
  const [height, width, ...channels] = filter.shape as [number, number, number, number];
  const inner = sizeOf(channels);
  const apart = tf.pad(tf.reshape(filter, [height, 1, width, inner]), [
    [0, 0],
    [0, down - 1],
    [0, 0],
    [0, 0],
  ]);
  const rows = tf.reshape(apart, [height * down, width, 1, inner]);
  const spread = tf.pad(rows, [[0, 0], [0, 0], [0, across - 1], [0, 0]]);
  const full = tf.reshape(spread, [height * down, width * across, ...channels]);
  const size = [(height - 1) * down + 1, (width - 1) * across + 1, ...channels];
  return tf.slice(full, [0, 0, 0, 0], size);
}
