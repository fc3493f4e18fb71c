import "@tensorflow/tfjs-backend-cpu";
import { assertAllClose, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import {
  dataFromVelocity,
  interpolate,
  noiseFromVelocity,
  velocity,
  velocityFromData,
} from "../../lib/flow/mod.ts";

await tf.setBackend("cpu");

const x0 = tf.tensor4d([1, 2, 3, 4, 5, 6], [3, 1, 2, 1]);
const x1 = tf.tensor4d([-1, 0, 1, 0, -2, 8], [3, 1, 2, 1]);
const t = tf.tensor1d([0, 0.25, 1]);

Deno.test("t = 0 is data, t = 1 is noise, and between them lies a straight line", () => {
  assertEquals([...interpolate(x0, x1, t).dataSync()], [1, 2, 2.5, 3, -2, 8]);
});

Deno.test("velocity points from data to noise", () => {
  assertEquals([...velocity(x0, x1).dataSync()], [-2, -2, -2, -4, -7, 2]);
});

Deno.test("velocity is the derivative of the path", () => {
  const step = 1 / 64;
  const later = interpolate(x0, x1, tf.add(t, step));
  const slope = tf.div(tf.sub(later, interpolate(x0, x1, t)), step);
  assertAllClose(slope.dataSync(), velocity(x0, x1).dataSync(), 1e-5);
});

Deno.test("x_t, t and the velocity give data and noise back", () => {
  const xt = interpolate(x0, x1, t), v = velocity(x0, x1);
  assertAllClose(dataFromVelocity(xt, v, t).dataSync(), x0.dataSync(), 1e-6);
  assertAllClose(noiseFromVelocity(xt, v, t).dataSync(), x1.dataSync(), 1e-6);
});

Deno.test("`velocityFromData()` inverts `dataFromVelocity()` where t is not small", () => {
  const some = tf.tensor1d([0.05, 0.25, 1]);
  const xt = interpolate(x0, x1, some), v = velocity(x0, x1);
  const data = dataFromVelocity(xt, v, some);
  assertAllClose(velocityFromData(xt, data, some).dataSync(), v.dataSync(), 1e-5);
});

Deno.test("`velocityFromData()` divides by at least 0.05, or by what it is given", () => {
  const xt = tf.ones([2, 1]), data = tf.zeros([2, 1]), small = tf.tensor1d([0, 0.01]);
  assertAllClose(velocityFromData(xt, data, small).dataSync(), [20, 20], 1e-6);
  assertAllClose(velocityFromData(xt, data, small, { least: 0.5 }).dataSync(), [2, 2], 1e-6);
});
