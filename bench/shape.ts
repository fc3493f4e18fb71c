import type { ModelConfig } from "../lib/models/mod.ts";

/** Size of the transformer that is measured, and of its batch. */
export interface Shape {
  width: number;
  depth: number;
  heads: number;
  /** Tokens per image, a square number; patches are 4×4. */
  tokens: number;
  batch: number;
}

/** The reference: 28×28 images in patches of 4. */
export const REFERENCE: Shape = { width: 256, depth: 6, heads: 8, tokens: 49, batch: 64 };

/** Width of the conditioning vector, as in the reference. */
const CONDITIONING = 1024;
const PATCH = 4;

/** Side of the images in pixels. */
export function imageSize({ tokens }: Shape): number {
  return PATCH * Math.sqrt(tokens);
}

/** The transformer of a shape as a model config. */
export function ditConfig(shape: Shape): ModelConfig {
  const { width, depth, heads } = shape;
  const size = imageSize(shape);
  return {
    kind: "dit",
    preset: "reference",
    width,
    depth,
    heads,
    patch: PATCH,
    conditioningWidth: CONDITIONING,
    imageShape: [size, size, 1],
    classes: 10,
  };
}

/** GFLOP in the matrix products of a forward pass; the backward pass takes twice that. */
export function forwardGflop({ width, depth, tokens, batch }: Shape): number {
  const patch = PATCH * PATCH;
  const perToken = 2 * patch * width + depth * (12 * width * width + 2 * tokens * width);
  const perImage = width * CONDITIONING + CONDITIONING * CONDITIONING +
    depth * CONDITIONING * 6 * width + CONDITIONING * 2 * width;
  return 2e-9 * batch * (tokens * perToken + perImage);
}
