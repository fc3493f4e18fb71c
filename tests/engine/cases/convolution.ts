import * as tf from "@tensorflow/tfjs-core";
import type { TensorRecord } from "@course/tensors.ts";
import type { Case } from "../suite.ts";
import { random } from "../suite.ts";

type Pad = "same" | "valid" | number | tf.backend_util.ExplicitPadding;

interface Convolution {
  x: [number, number, number, number];
  filter: [number, number, number, number];
  stride?: number | [number, number];
  pad?: Pad;
  dilation?: number | [number, number];
}

// Few channels take the standard operators, 8 and more the blocked layout where the machine has one.
const CONVOLUTIONS: Convolution[] = [
  { x: [2, 5, 6, 3], filter: [3, 3, 3, 4] },
  { x: [1, 5, 5, 2], filter: [3, 3, 2, 2], pad: "valid" },
  { x: [1, 6, 5, 2], filter: [3, 2, 2, 3], pad: 1 },
  { x: [1, 6, 6, 2], filter: [3, 3, 2, 2], stride: 2 },
  { x: [1, 7, 6, 2], filter: [3, 3, 2, 2], stride: 2, pad: 1 },
  { x: [1, 7, 6, 2], filter: [3, 3, 2, 2], stride: [2, 1], pad: "valid" },
  { x: [1, 5, 5, 2], filter: [4, 4, 2, 2], pad: "same" },
  { x: [1, 5, 6, 1], filter: [3, 3, 1, 2], pad: [[0, 0], [2, 1], [0, 1], [0, 0]] },
  { x: [1, 7, 7, 2], filter: [3, 3, 2, 2], dilation: 2, pad: "valid" },
  { x: [1, 6, 7, 2], filter: [3, 2, 2, 3], dilation: [2, 3], pad: "same" },
  { x: [2, 4, 4, 3], filter: [1, 1, 3, 5] },
  { x: [1, 5, 5, 3], filter: [1, 1, 3, 2], stride: 2 },
  { x: [1, 5, 5, 1], filter: [5, 5, 1, 2], pad: 2 },
  { x: [1, 8, 8, 1], filter: [4, 4, 1, 3], stride: 4, pad: "valid" },
  { x: [1, 3, 3, 1], filter: [3, 3, 1, 2], pad: 3 },
  { x: [2, 4, 5, 16], filter: [3, 3, 16, 16] },
  { x: [1, 4, 4, 8], filter: [3, 3, 8, 20], pad: 1 },
  { x: [1, 5, 4, 20], filter: [3, 3, 20, 1], pad: 1 },
  { x: [1, 6, 6, 12], filter: [3, 3, 12, 8], stride: 2, pad: 1 },
  { x: [1, 7, 7, 8], filter: [3, 3, 8, 8], dilation: 2, pad: "same" },
];

const describe = ({ x, filter, stride = 1, pad = "same", dilation = 1 }: Convolution) =>
  `[${x}] by [${filter}], stride ${stride}, padding ${JSON.stringify(pad)}, dilation ${dilation}`;

function convolution(sizes: Convolution): Case {
  const { x, filter, stride = 1, pad = "same", dilation = 1 } = sizes;
  const dilated = [dilation].flat().some((rate) => rate > 1);
  return {
    name: `conv2d() of ${describe(sizes)}`,
    inputs: { x: random(x), filter: random(filter, 2) },
    fn: ({ x, filter }: TensorRecord) =>
      tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, stride, pad, "NHWC", dilation),
    ...(dilated && { noReference: "tfjs has no gradient of a dilated convolution" }),
  };
}

interface Transposed {
  x: [number, number, number, number];
  filter: [number, number, number, number];
  output: [number, number, number, number];
  stride: number;
  pad: "same" | "valid" | number;
}

const TRANSPOSED: Transposed[] = [
  { x: [1, 3, 3, 2], filter: [3, 3, 3, 2], output: [1, 3, 3, 3], stride: 1, pad: "same" },
  { x: [1, 3, 4, 2], filter: [3, 3, 3, 2], output: [1, 5, 6, 3], stride: 1, pad: "valid" },
  { x: [2, 3, 3, 2], filter: [2, 2, 3, 2], output: [2, 6, 6, 3], stride: 2, pad: "valid" },
  { x: [1, 3, 3, 2], filter: [3, 3, 2, 2], output: [1, 6, 6, 2], stride: 2, pad: "same" },
  { x: [1, 3, 3, 2], filter: [4, 4, 2, 2], output: [1, 6, 6, 2], stride: 2, pad: "same" },
  { x: [1, 3, 3, 8], filter: [3, 3, 16, 8], output: [1, 3, 3, 16], stride: 1, pad: "same" },
];

/** Convolutions, transposed and depthwise ones. */
export const convolutionCases: Case[] = [
  ...CONVOLUTIONS.map(convolution),
  ...TRANSPOSED.map(({ x, filter, output, stride, pad }): Case => ({
    name: `conv2dTranspose() of [${x}] by [${filter}], stride ${stride}, padding ${pad}`,
    inputs: { x: random(x), filter: random(filter, 2) },
    fn: ({ x, filter }) =>
      tf.conv2dTranspose(x as tf.Tensor4D, filter as tf.Tensor4D, output, stride, pad),
  })),
  ...([
    [[1, 5, 5, 3], [3, 3, 3, 1], 1, "same"],
    [[2, 5, 6, 2], [3, 3, 2, 2], 1, "valid"],
    [[1, 6, 6, 2], [3, 3, 2, 1], 2, "same"],
  ] as const).map(([x, filter, stride, pad]): Case => ({
    name: `depthwiseConv2d() of [${x}] by [${filter}], stride ${stride}, padding ${pad}`,
    inputs: { x: random([...x]), filter: random([...filter], 2) },
    fn: ({ x, filter }) => tf.depthwiseConv2d(x as tf.Tensor4D, filter as tf.Tensor4D, stride, pad),
  })),
  {
    name: "conv1d() and conv2d() of one image without batch",
    inputs: { x: random([6, 2]), filter: random([3, 2, 3]), image: random([4, 4, 2]) },
    fn: ({ x, filter, image }) => [
      tf.conv1d(x as tf.Tensor2D, filter as tf.Tensor3D, 1, "same"),
      tf.conv2d(image as tf.Tensor3D, tf.expandDims(filter!) as tf.Tensor4D, 1, "same"),
    ],
  },
  {
    name: "two convolutions with an activation in between",
    inputs: { x: random([2, 6, 6, 1]), a: random([3, 3, 1, 8]), b: random([3, 3, 8, 8], 2) },
    fn: ({ x, a, b }) => {
      const hidden = tf.tanh(tf.conv2d(x as tf.Tensor4D, a as tf.Tensor4D, 1, 1));
      return tf.conv2d(hidden as tf.Tensor4D, b as tf.Tensor4D, 2, 1);
    },
    tolerance: 1e-4,
  },
];
