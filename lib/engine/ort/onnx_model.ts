import * as ort from "onnxruntime-node";
import { ortApi } from "./api.ts";

/** A model from an `.onnx` file, made elsewhere or exported by us. */
export interface OnnxModel {
  /** Names, element types and shapes of what goes in and comes out; an axis of any size is −1. */
  readonly inputs: readonly OnnxPort[];
  readonly outputs: readonly OnnxPort[];
  /** Runs it and returns the outputs that were asked for, all by default. */
  run(
    inputs: Record<string, OnnxTensor>,
    outputs?: readonly string[],
  ): Promise<Record<string, OnnxTensor>>;
  dispose(): Promise<void>;
}

/** One input or output of an {@linkcode OnnxModel}. */
export interface OnnxPort {
  name: string;
  dtype: string;
  shape: readonly number[];
}

/** Numbers that go in or come out. */
export interface OnnxTensor {
  shape: readonly number[];
  data: Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer> | BigInt64Array<ArrayBuffer>;
}

/**
 * Opens a model from the bytes of an `.onnx` file, on the cpu, through the `onnxruntime-node` package's own binding.
 *
 * Throws a RangeError that says that the bytes are no model, and why ONNX Runtime thinks so.
 */
export async function openOnnx(bytes: Uint8Array): Promise<OnnxModel> {
  keepEnvironment();
  let session: ort.InferenceSession;
  try {
    session = await ort.InferenceSession.create(bytes, {
      intraOpNumThreads: navigator.hardwareConcurrency,
      logSeverityLevel: 3,
    });
  } catch (error) {
    throw new RangeError(`ONNX Runtime cannot load it: ${(error as Error).message}`, {
      cause: error,
    });
  }
  return {
    inputs: session.inputMetadata.map(port),
    outputs: session.outputMetadata.map(port),
    async run(inputs, outputs) {
      const feeds = Object.fromEntries(
        Object.entries(inputs).map(([name, { data, shape }]) => [name, toOrt(data, shape)]),
      );
      const results = outputs ? await session.run(feeds, [...outputs]) : await session.run(feeds);
      return Object.fromEntries(
        Object.entries(results).map(([name, { dims, data }]) => {
          return [name, { shape: dims, data: data as OnnxTensor["data"] }];
        }),
      );
    },
    dispose: () => session.release(),
  };
}

/**
 * The library has one state per process. Were it the binding that makes it, programs of our own, which share their
 * threads, could not be compiled any more.
 */
function keepEnvironment(): void {
  try {
    ortApi();
  } catch {
    // The library cannot be opened directly: the binding is all there is.
  }
}

function port(value: ort.InferenceSession.ValueMetadata): OnnxPort {
  if (!value.isTensor) return { name: value.name, dtype: "no tensor", shape: [] };
  const shape = value.shape.map((size) => typeof size === "number" && size >= 0 ? size : -1);
  return { name: value.name, dtype: value.type, shape };
}

function toOrt(data: OnnxTensor["data"], shape: readonly number[]): ort.Tensor {
  if (data instanceof BigInt64Array) return new ort.Tensor("int64", data, [...shape]);
  if (data instanceof Int32Array) return new ort.Tensor("int32", data, [...shape]);
  return new ort.Tensor("float32", data, [...shape]);
}
