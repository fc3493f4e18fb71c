import type { Random } from "../random.ts";
import { sizeOf } from "../tensors.ts";

/**
 * Draws the initial value of a parameter of the given shape.
 * Shapes of weights end in `[…, in, out]`, with the sizes of a convolution's kernel before them.
 */
export type Initialiser = (
  shape: readonly number[],
  random: Random,
) => Float32Array<ArrayBuffer>;

/** All zeros: biases, and layers that must not contribute at the start. */
export const zeros: Initialiser = (shape) => new Float32Array(sizeOf(shape));

/** The same number everywhere. */
export function constant(value: number): Initialiser {
  return (shape) => new Float32Array(sizeOf(shape)).fill(value);
}

/** Independent normal numbers of mean 0. */
export function normal(deviation: number): Initialiser {
  return (shape, random) => fill(shape, () => deviation * random.normal());
}

/** Uniform with variance 2 · gain² / (in + out): keeps signals and gradients in size (Glorot & Bengio 2010). */
export function xavierUniform(gain = 1): Initialiser {
  return (shape, random) => {
    const { fanIn, fanOut } = fans(shape);
    const bound = gain * Math.sqrt(6 / (fanIn + fanOut));
    return fill(shape, () => bound * (2 * random.uniform() - 1));
  };
}

/** Normal with variance gain² / in; gain √2 suits layers that follow a ReLU or SiLU (He et al. 2015). */
export function kaimingNormal(gain = Math.SQRT2): Initialiser {
  return (shape, random) => {
    const deviation = gain / Math.sqrt(fans(shape).fanIn);
    return fill(shape, () => deviation * random.normal());
  };
}

/** Number of inputs that one output sums over, and of outputs that one input reaches. */
export function fans(shape: readonly number[]): { fanIn: number; fanOut: number } {
  if (shape.length < 2) {
    throw new RangeError(
      `Cannot tell inputs from outputs in shape [${shape.join(", ")}]: ` +
        `a weight has at least two axes [in, out]; use zeros, constant or normal here`,
    );
  }
  const kernel = sizeOf(shape.slice(0, -2));
  return { fanIn: kernel * shape.at(-2)!, fanOut: kernel * shape.at(-1)! };
}

function fill(shape: readonly number[], draw: () => number): Float32Array<ArrayBuffer> {
  return new Float32Array(sizeOf(shape)).map(draw);
}
