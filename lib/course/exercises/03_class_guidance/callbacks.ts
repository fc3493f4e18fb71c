import * as tf from "@tensorflow/tfjs-core";
import type { HostTensor } from "../../../tensors.ts";
import type { Plain } from "../../exercise.ts";

type Options = { readonly [name: string]: Plain | HostTensor };

/** Velocity fields of checks that take labels, as a model with classes does; they say what is wrong with what they get. */
export const LABEL_FIELDS = {
  /**
   * v = rate · x + (label + 1)² · (1 + t), another one for every label and noise level: called with x `[B, …]`, t and
   * labels `[B]`. Options: rate; rows, if the field insists on that many examples in a call.
   */
  labelField: ({ rate, rows }: Options) => (x: unknown, t: unknown, labels: unknown) => {
    const examples = checked("x", x).shape[0]!;
    if (rows !== undefined && examples !== rows) {
      throw new RangeError(
        `The field was called with ${examples} examples: expected one call with ${rows}, ` +
          "all with their labels first, then all with the null class",
      );
    }
    const level = perExample("t", t, x as tf.Tensor);
    const label = perExample("labels", labels, x as tf.Tensor);
    const push = tf.mul(tf.square(tf.add(label, 1)), tf.add(level, 1));
    return tf.add(tf.mul(x as tf.Tensor, rate as number), push);
  },
};

/** One number for each example as `[B, 1, …, 1]`. */
function perExample(name: string, value: unknown, x: tf.Tensor): tf.Tensor {
  const found = checked(name, value), examples = x.shape[0]!;
  if (found.shape.length !== 1 || found.shape[0] !== examples) {
    throw new RangeError(
      `The field was called with ${name} of shape [${found.shape.join(", ")}] for ${examples} ` +
        `examples: expected [${examples}]`,
    );
  }
  return tf.reshape(tf.cast(found, "float32"), [examples, ...x.shape.slice(1).map(() => 1)]);
}

function checked(name: string, value: unknown): tf.Tensor {
  if (value instanceof tf.Tensor) return value;
  throw new TypeError(
    `The field was called with ${value === undefined ? "nothing" : `a ${typeof value}`} ` +
      `for ${name}: expected a tensor`,
  );
}
