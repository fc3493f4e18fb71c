import * as ort from "onnxruntime-node";
import type { DType, HostData, HostTensor } from "../../tensors.ts";
import { sizeOf } from "../../tensors.ts";
import type { Device, DeviceTensor, Executable, Value } from "../device.ts";
import { checkInputs, isDeviceTensor } from "../device.ts";
import { encodeModel } from "../onnx_file.ts";
import { trace } from "../trace.ts";
import { allocate } from "./tensor.ts";

/**
 * The cpu through the `onnxruntime-node` package's own binding: the fallback where its library cannot be
 * opened directly. Same numbers, but runs block the event loop, results are copied and cannot be cancelled.
 */
export function bindingDevice(threads: number): Device {
  return {
    name: "cpu",
    description: `ONNX Runtime (Node binding), cpu, ${threads} threads`,
    async prepare(fn, inputs, { constants = {} } = {}) {
      const { graph, outputs } = trace(fn, inputs, { constants });
      const session = await ort.InferenceSession.create(encodeModel(graph), {
        intraOpNumThreads: threads,
        logSeverityLevel: 3,
      });
      const run: Executable["run"] = async (values, { keep = [], recycle = {}, signal } = {}) => {
        checkInputs(values, inputs);
        signal?.throwIfAborted();
        const feeds = Object.fromEntries(
          graph.inputs.map(({ name }) => [name, toOrt(hostOf(values[name]!))]),
        );
        const results: Record<string, Value> = {};
        const fetches: Record<string, ort.Tensor> = {};
        for (const [name, spec] of Object.entries(outputs)) {
          const old = keep.includes(name) ? recycle[name] : undefined;
          const data = old ? hostOf(old).data : allocate(spec.dtype, sizeOf(spec.shape));
          const tensor = { ...spec, data };
          fetches[name] = toOrt(tensor);
          results[name] = keep.includes(name) ? old ?? hostTensor(tensor) : tensor;
        }
        await session.run(feeds, fetches);
        return results;
      };
      return { outputs, run, dispose: () => session.release() };
    },
  };
}

const hosts = new WeakMap<DeviceTensor, HostTensor>();

function hostTensor(tensor: HostTensor): DeviceTensor {
  const { shape, dtype } = tensor;
  const result: DeviceTensor = {
    spec: { shape, dtype },
    read: () => Promise.resolve({ ...tensor, data: tensor.data.slice() }),
    dispose: () => void hosts.delete(result),
  };
  hosts.set(result, tensor);
  return result;
}

function hostOf(value: Value): HostTensor {
  if (!isDeviceTensor(value)) return value;
  const tensor = hosts.get(value);
  if (!tensor) {
    throw new Error("Cannot use a tensor that was disposed or belongs to another device");
  }
  return tensor;
}

function toOrt({ dtype, data, shape }: { dtype: DType; data: HostData; shape: readonly number[] }) {
  return new ort.Tensor(dtype, data, [...shape]);
}
