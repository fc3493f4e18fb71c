import * as tf from "@tensorflow/tfjs-core";
import type { Case } from "../suite.ts";
import { distinct, integers, random } from "../suite.ts";

type Image = tf.Tensor4D;

const POOLS: [[number, number, number, number], number, number, "same" | "valid" | number][] = [
  [[2, 4, 4, 2], 2, 2, "valid"],
  [[1, 5, 5, 2], 2, 2, "valid"],
  [[1, 5, 4, 2], 3, 1, "same"],
  [[1, 5, 5, 1], 3, 2, "same"],
  [[1, 6, 6, 1], 3, 2, 1],
  [[1, 4, 4, 3], 4, 4, "valid"],
];

const RESIZES: [[number, number, number, number], [number, number]][] = [
  [[2, 3, 3, 2], [6, 6]],
  [[1, 2, 3, 1], [6, 12]],
  [[1, 4, 6, 2], [2, 3]],
  [[1, 3, 4, 1], [5, 3]],
];

const MODES = [[false, false], [true, false], [false, true]] as const;

/** Pooling and resizing. */
export const imageCases: Case[] = [
  ...POOLS.flatMap(([x, size, stride, pad]): Case[] => {
    const what = `of [${x}], window ${size}, stride ${stride}, padding ${pad}`;
    return [
      {
        name: `maxPool() ${what}`,
        inputs: { x: distinct(x) },
        fn: ({ x }) => tf.maxPool(x as Image, size, stride, pad),
      },
      {
        name: `avgPool() ${what}`,
        inputs: { x: random(x) },
        fn: ({ x }) => tf.avgPool(x as Image, size, stride, pad),
        ...(pad !== "valid" && {
          noReference: "tfjs divides gradients of windows at the border by the whole window",
        }),
      },
    ];
  }),
  {
    name: "maxPool() of equal pixels gives the gradient to the first",
    inputs: { x: { ...random([1, 4, 4, 1]), data: new Float32Array(16).fill(1) } },
    fn: ({ x }) => tf.maxPool(x as Image, 2, 2, "valid"),
    gradient: false,
  },
  ...RESIZES.flatMap(([x, size]) =>
    MODES.flatMap(([alignCorners, halfPixels]): Case[] => {
      const mode = alignCorners ? ", corners aligned" : halfPixels ? ", half pixels" : "";
      return [
        {
          name: `resizeNearestNeighbor() of [${x}] to ${size}${mode}`,
          inputs: { x: random(x) },
          fn: ({ x }) => tf.image.resizeNearestNeighbor(x as Image, size, alignCorners, halfPixels),
          noReference: "tfjs mixes up the images of a batch, and knows no half pixels",
        },
        {
          name: `resizeBilinear() of [${x}] to ${size}${mode}`,
          inputs: { x: random(x) },
          fn: ({ x }) => tf.image.resizeBilinear(x as Image, size, alignCorners, halfPixels),
          noReference: "tfjs exchanges height and width",
        },
      ];
    })
  ),
  {
    name: "resizeNearestNeighbor() of whole numbers",
    inputs: { x: integers(9, [1, 2, 2, 1]) },
    fn: ({ x }) => tf.image.resizeNearestNeighbor(x as Image, [4, 4]),
  },
  {
    name: "depthToSpace()",
    inputs: { x: random([2, 2, 3, 8]) },
    fn: ({ x }) => tf.depthToSpace(x as Image, 2),
    gradient: false,
  },
];
