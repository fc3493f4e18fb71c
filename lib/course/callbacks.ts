import * as tf from "@tensorflow/tfjs-core";
import type { HostTensor } from "../tensors.ts";
import type { Callback } from "./exercise.ts";
import { BLOCK_PARTS } from "./exercises/02_diffusion_transformer/callbacks.ts";
import { LABEL_FIELDS } from "./exercises/03_class_guidance/callbacks.ts";
import { DECODERS } from "./exercises/05_latents/callbacks.ts";
import { TOKEN_LAYERS } from "./exercises/06_self_flow/callbacks.ts";

/** Options of a callback: plain values, and tensors. */
export type CallbackOptions = NonNullable<Callback["options"]>;

/** Makes a function from its options. */
// deno-lint-ignore no-explicit-any
type MakeCallback = (options: CallbackOptions) => (...args: any[]) => unknown;

/**
 * Functions that checks hand to learners' functions, by name: a check says which one and with which options,
 * so that it can be sent to another process. Velocity fields take x `[B, …]` and t `[B]` and return `[B, …]`.
 */
export const CALLBACKS: Readonly<Record<string, MakeCallback>> = {
  /** v = value, everywhere. Options: value (number). */
  constantField: ({ value }) => field((x) => tf.fill(x.shape, number(value, "value"))),

  /** v = rate · x: x(t) = e^(rate·(t − 1)) · x(1). Options: rate (number). */
  linearField: ({ rate }) => field((x) => tf.mul(x, number(rate, "rate"))),

  /** v = rate · t: x(0) = x(1) − rate / 2; Heun's method is exact here and Euler's is not. Options: rate. */
  risingField: ({ rate }) =>
    field((x, t) => tf.mul(number(rate, "rate"), tf.mul(perExample(t, x), tf.onesLike(x)))),

  /** v = (x − data) / t: the field whose every path ends at the data. Options: data (tensor [...] of one example). */
  towardsField: ({ data }) =>
    field((x, t) => tf.div(tf.sub(x, tensor(data, "data")), perExample(t, x))),

  /** v = rate · (−y, x) at points (x, y) `[B, 2]`: they go round in circles. Options: rate (number). */
  turningField: ({ rate }) =>
    field((x) => {
      const [across, up] = tf.split(x, 2, 1) as [tf.Tensor, tf.Tensor];
      return tf.mul(number(rate, "rate"), tf.concat([tf.neg(up), across], 1));
    }),

  // Parts of a transformer block.
  ...BLOCK_PARTS,
  // Fields of a model with classes.
  ...LABEL_FIELDS,
  // Decoders of latents.
  ...DECODERS,
  // Layers that make tokens.
  ...TOKEN_LAYERS,
};

/** Makes the function that a {@linkcode Callback} names; throws a RangeError if there is none. */
export function makeCallback(
  { callback, options = {} }: Callback,
): (...args: unknown[]) => unknown {
  const make = Object.hasOwn(CALLBACKS, callback) && CALLBACKS[callback];
  if (!make) {
    throw new RangeError(
      `There is no callback "${callback}": expected one of ${Object.keys(CALLBACKS).join(", ")}`,
    );
  }
  return make(options);
}

/** A velocity field that says what is wrong with what it is given. */
function field(velocity: (x: tf.Tensor, t: tf.Tensor) => tf.Tensor) {
  return (x: unknown, t: unknown) => {
    if (!(x instanceof tf.Tensor)) {
      throw new TypeError(
        `The field was called with ${describe(x)} for x: expected a tensor [B, …]`,
      );
    }
    if (!(t instanceof tf.Tensor) || t.shape.length !== 1 || t.size !== x.shape[0]) {
      throw new TypeError(
        `The field was called with ${describe(t)} for t: expected a tensor [${x.shape[0]}], ` +
          "one noise level for each example",
      );
    }
    return velocity(x, t);
  };
}

function describe(value: unknown): string {
  if (value instanceof tf.Tensor) return `a tensor [${value.shape.join(", ")}]`;
  return value === undefined ? "nothing" : `a ${typeof value}`;
}

/** t `[B]` (or a scalar) as `[B, 1, …, 1]`. */
function perExample(t: tf.Tensor, x: tf.Tensor): tf.Tensor {
  return tf.reshape(tf.cast(t, "float32"), [t.size, ...x.shape.slice(1).map(() => 1)]);
}

function number(value: CallbackOptions[string] | undefined, name: string): number {
  if (typeof value === "number") return value;
  throw new RangeError(`Option ${name} of the callback is ${value}: expected a number`);
}

function tensor(value: CallbackOptions[string] | undefined, name: string): tf.Tensor {
  const { data, shape, dtype } = (value ?? {}) as Partial<HostTensor>;
  if (data && shape && dtype) return tf.tensor(data.slice(), [...shape], dtype);
  throw new RangeError(`Option ${name} of the callback is ${value}: expected a tensor`);
}
