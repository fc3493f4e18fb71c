import * as tf from "@tensorflow/tfjs-core";
import { gelu, silu } from "@course/engine/ops/mod.ts";
import type { HostTensor } from "@course/tensors.ts";
import { float32 } from "@course/tensors.ts";
import type { Case } from "../suite.ts";
import { between, distinct, random } from "../suite.ts";

const SHAPES = [[], [5], [2, 3, 4]];

type Make = (shape: number[], seed?: number) => HostTensor;

function unary(
  name: string,
  fn: (x: tf.Tensor) => tf.Tensor,
  make: Make = distinct,
  extra: Partial<Case> = {},
): Case[] {
  return SHAPES.map((shape) => ({
    name: `${name} of [${shape}]`,
    inputs: { x: make(shape) },
    fn: ({ x }) => fn(x!),
    ...extra,
  }));
}

const positive: Make = (shape) => between(0.3, 3, shape);
const inside: Make = (shape) => between(-0.8, 0.8, shape);
const steps = { gradient: false };

/** Functions of each element alone. */
export const functionCases: Case[] = [
  ...unary("abs()", tf.abs),
  ...unary("acos()", tf.acos, inside),
  ...unary("acosh()", tf.acosh, (shape) => between(1.2, 3, shape)),
  ...unary("asin()", tf.asin, inside),
  ...unary("asinh()", tf.asinh),
  ...unary("atan()", tf.atan),
  ...unary("atanh()", tf.atanh, inside),
  ...unary("ceil()", tf.ceil, distinct, steps),
  ...unary("clipByValue()", (x) => tf.clipByValue(x, -0.5, 0.7)),
  ...unary("cos()", tf.cos),
  ...unary("cosh()", tf.cosh),
  ...unary("elu()", tf.elu),
  ...unary("erf()", tf.erf, random, { tolerance: 1e-4 }),
  ...unary("exp()", tf.exp),
  ...unary("expm1()", tf.expm1),
  ...unary("floor()", tf.floor, distinct, steps),
  ...unary("leakyRelu()", (x) => tf.leakyRelu(x, 0.1)),
  ...unary("log()", tf.log, positive),
  ...unary("log1p()", tf.log1p, positive),
  ...unary("logSigmoid()", tf.logSigmoid),
  ...unary("neg()", tf.neg),
  ...unary("reciprocal()", tf.reciprocal, positive),
  ...unary("relu()", tf.relu),
  ...unary("relu6()", (x) => tf.relu6(tf.mul(x, 5))),
  ...unary("round()", tf.round, distinct, steps),
  ...unary("rsqrt()", tf.rsqrt, positive),
  ...unary("selu()", tf.selu),
  ...unary("sigmoid()", tf.sigmoid),
  ...unary("sign()", tf.sign, distinct, steps),
  ...unary("sin()", tf.sin),
  ...unary("sinh()", tf.sinh),
  ...unary("softplus()", tf.softplus),
  ...unary("sqrt()", tf.sqrt, positive),
  ...unary("square()", tf.square),
  ...unary("step()", (x) => tf.step(x, 0.3), distinct, steps),
  ...unary("tan()", tf.tan, inside),
  ...unary("tanh()", tf.tanh),
  ...unary("silu()", silu),
  ...unary("gelu()", gelu),
  {
    name: "prelu() with a slope for each channel",
    inputs: { x: distinct([2, 3, 4]), slope: between(0.1, 0.4, [4]) },
    fn: ({ x, slope }) => tf.prelu(x!, slope!),
  },
  {
    name: "silu() and gelu() of tensors long enough to be worked on block by block",
    inputs: { x: random([600, 700]) },
    fn: ({ x }) => [silu(x!), gelu(x!)],
    tolerance: 1e-4,
  },
  {
    name: "activations far from zero",
    inputs: { x: float32([6], [-90, -30, -12, 12, 30, 80]) },
    fn: ({ x }) => [tf.sigmoid(x!), tf.tanh(x!), tf.softplus(x!), silu(x!), gelu(x!), tf.elu(x!)],
    tolerance: 1e-4,
  },
];
