/** The table-driven suite of kernels and gradients: what a case is and how it is judged. */
import "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs-core";
import type { Device, TensorFunction } from "@course/engine/mod.ts";
import { compile } from "@course/engine/mod.ts";
import { createRandom, normals } from "@course/random.ts";
import type { HostData, HostRecord, HostTensor, TensorRecord } from "@course/tensors.ts";
import { float32, int32, sizeOf } from "@course/tensors.ts";
import { assertAllClose, assertEquals } from "@std/assert";

/** One function on one set of inputs. */
export interface Case {
  name: string;
  inputs: HostRecord;
  fn: (inputs: TensorRecord) => tf.Tensor | tf.Tensor[];
  /** Whether float inputs are differentiated; default true. */
  gradient?: boolean;
  /** Why tfjs's own gradient on its cpu backend is no reference: finite differences alone judge. */
  noReference?: string;
  /** Largest difference from the cpu backend, relative above 1; default 1e-5. */
  tolerance?: number;
}

/** Normal random numbers, always the same for the same shape and seed. */
export function random(shape: number[], seed = 1): HostTensor {
  return float32(shape, normals(createRandom(seed * 1000 + sizeOf(shape)), sizeOf(shape)));
}

/** Random numbers of which no two are close and none is near 0: for functions with kinks and steps. */
export function distinct(shape: number[], seed = 1): HostTensor {
  const size = sizeOf(shape);
  const values = Array.from(
    { length: size },
    (_, i) => (i + 0.73 - size / 2) * Math.max(0.11, 4 / size),
  );
  const generator = createRandom(seed);
  for (let i = size - 1; i > 0; i--) {
    const j = generator.integer(i + 1);
    [values[i], values[j]] = [values[j]!, values[i]!];
  }
  return float32(shape, values);
}

/** Random numbers between two limits. */
export function between(low: number, high: number, shape: number[], seed = 1): HostTensor {
  const generator = createRandom(seed);
  const values = Array.from(
    { length: sizeOf(shape) },
    () => low + (high - low) * generator.uniform(),
  );
  return float32(shape, values);
}

/** Random whole numbers from 0 to below. */
export function integers(below: number, shape: number[], seed = 1): HostTensor {
  const generator = createRandom(seed);
  return int32(shape, Array.from({ length: sizeOf(shape) }, () => generator.integer(below)));
}

/** Compiles the case for a device and compares values and gradients with the references. */
export async function judge(device: Device, test: Case): Promise<void> {
  const { inputs, fn } = test;
  const tolerance = Math.max(test.tolerance ?? 1e-5, precisionOf(device));
  const program = await compile(device, withGradients(test), specsOf(inputs));
  try {
    const results = await program.run(inputs);
    const values = onCpu(inputs, (tensors) => list(fn(tensors)));
    values.forEach((y, i) => compare(results[`value ${i}`]!, y, tolerance, `value ${i}`));
    const names = differentiated(test);
    if (names.length === 0) return;
    const reference = test.noReference ? undefined : onCpu(inputs, (tensors) => {
      const { sum, gradients } = sumAndGradients(fn, tensors, names);
      return [...gradients, sum];
    });
    // Where a gradient is wanted, some operations take another way to the same values.
    if (reference) compare(results["weighted sum"]!, reference.at(-1)!, 10 * tolerance, "sum");
    names.forEach((name, i) => {
      const came = results[`gradient of ${name}`]!;
      if (reference) compare(came, reference[i]!, 10 * tolerance, `gradient of ${name}`);
      compareWithDifferences(fn, inputs, name, came);
    });
  } finally {
    await program.dispose();
  }
}

/** The case's function with its gradients as further results. */
export function withGradients(test: Case): TensorFunction {
  return (tensors) => {
    const outputs: TensorRecord = {};
    list(test.fn(tensors)).forEach((y, i) => outputs[`value ${i}`] = y);
    const names = differentiated(test);
    if (names.length === 0) return outputs;
    const { sum, gradients } = sumAndGradients(test.fn, tensors, names);
    names.forEach((name, i) => outputs[`gradient of ${name}`] = gradients[i]!);
    return { ...outputs, "weighted sum": sum };
  };
}

function differentiated({ inputs, gradient }: Case): string[] {
  if (gradient === false) return [];
  return Object.keys(inputs).filter((name) => inputs[name]!.dtype === "float32");
}

/** Shaders promise sine and cosine to 2⁻¹¹ only (WebGPU Shading Language, section 15.7.4). */
function precisionOf(device: Device): number {
  return device.name === "cpu" ? 0 : 2 ** -11;
}

function compare(came: HostTensor, expected: HostTensor, tolerance: number, what: string): void {
  assertEquals([...came.shape], [...expected.shape], `shape of ${what}`);
  assertEquals(came.dtype, expected.dtype, `type of ${what}`);
  assertAllClose(came.data, expected.data, tolerance, what);
}

/** Random weights for the elements of a result, so that the gradient of the weighted sum tests each of them. */
function weightsOf(shape: readonly number[], index: number): HostTensor {
  return random([...shape], 77 + index);
}

function sumAndGradients(fn: Case["fn"], tensors: TensorRecord, names: string[]) {
  const evaluate = tf.valueAndGrads((...values: tf.Tensor[]) => {
    const given = Object.fromEntries(names.map((name, i) => [name, values[i]!]));
    const sums = list(fn({ ...tensors, ...given })).map((y, i) => {
      const weights = tf.tensor(weightsOf(y.shape, i).data, y.shape);
      return tf.sum(tf.mul(tf.cast(y, "float32"), weights));
    });
    return sums.length === 1 ? sums[0]! : tf.addN(sums);
  });
  const { value, grads } = evaluate(names.map((name) => tensors[name]!));
  return { sum: value, gradients: grads };
}

/** Central differences on the cpu backend for some elements of one input. */
function compareWithDifferences(
  fn: Case["fn"],
  inputs: HostRecord,
  name: string,
  gradient: HostTensor,
): void {
  const input = inputs[name]!;
  const size = sizeOf(input.shape);
  const count = Math.min(size, 8);
  const step = 1e-2;
  for (let n = 0; n < count; n++) {
    const element = Math.floor((n + 0.5) * size / count);
    const [above, below] = [step, -step].map((change) => {
      const data = input.data.slice();
      data[element]! += change;
      const changed = { ...inputs, [name]: { ...input, data } };
      const ys = onCpu(changed, (tensors) => list(fn(tensors)));
      // Summed in double precision: differences of large sums lose what they are about.
      return ys.reduce((sum, y, i) => sum + dot(y.data, weightsOf(y.shape, i).data), 0);
    });
    const slope = (above! - below!) / (2 * step);
    const what = `gradient of ${name} at ${element} against finite differences`;
    assertAllClose([gradient.data[element]!], [slope], 5e-3, what);
  }
}

function dot(a: HostData, b: HostData): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Runs a function eagerly on tfjs's own cpu backend. */
function onCpu(inputs: HostRecord, fn: (tensors: TensorRecord) => tf.Tensor[]): HostTensor[] {
  tf.setBackend("cpu").catch(() => {});
  tf.engine().startScope();
  try {
    const tensors = Object.fromEntries(
      Object.entries(inputs).map(([name, { data, shape, dtype }]) => [
        name,
        tf.tensor(data.slice(), [...shape], dtype),
      ]),
    );
    return fn(tensors).map((y) => {
      const data = y.dataSync().slice() as HostData;
      return { shape: [...y.shape], dtype: y.dtype as HostTensor["dtype"], data };
    });
  } finally {
    tf.engine().endScope();
  }
}

function list(result: tf.Tensor | tf.Tensor[]): tf.Tensor[] {
  return Array.isArray(result) ? result : [result];
}

/** Shapes and types of the inputs. */
export function specsOf(inputs: HostRecord) {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, dtype }]) => [name, { shape, dtype }]),
  );
}
