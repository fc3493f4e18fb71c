import * as tf from "@tensorflow/tfjs-core";
import type { HostTensor, TensorRecord, TensorSpec } from "../../tensors.ts";
import type { Device, DeviceTensor, Executable, Value } from "../device.ts";
import { checkInputs, isDeviceTensor } from "../device.ts";
import { trace } from "../trace.ts";
import { openTensorFlow } from "./load.ts";

/**
 * The `tensorflow` device: nothing is compiled, each operation runs at once in TensorFlow's native
 * library, on its GPU where it has one. It blocks the event loop while it computes.
 */
export async function tensorflowDevice(): Promise<Device> {
  const name = await openTensorFlow();
  return {
    name: "tensorflow",
    description: `TensorFlow through ${name}, eager`,
    prepare(fn, inputs, { constants = {} } = {}) {
      // Only to learn names and shapes of the results without computing them.
      const { outputs } = trace(fn, inputs, { constants });
      const fixed = Object.entries(constants).map(([key, value]) => [key, upload(value)] as const);
      const run: Executable["run"] = async (values, { keep = [], recycle = {}, signal } = {}) => {
        checkInputs(values, inputs);
        signal?.throwIfAborted();
        await tf.setBackend("tensorflow");
        const results = tf.tidy(() => {
          const record: TensorRecord = Object.fromEntries(fixed);
          for (const key of Object.keys(inputs)) record[key] = tensorOf(values[key]!);
          // A result may be an input itself: a clone can be disposed without harming it.
          const named = Object.entries(fn(record));
          return Object.fromEntries(named.map(([key, tensor]) => [key, tf.clone(tensor)]));
        });
        Object.values(recycle).forEach((tensor) => tensor.dispose());
        const kept: Record<string, Value> = {};
        for (const [key, tensor] of Object.entries(results)) {
          if (keep.includes(key)) kept[key] = wrap(tensor);
          else {
            kept[key] = await download(tensor);
            tensor.dispose();
          }
        }
        return kept;
      };
      const dispose = () => Promise.resolve(fixed.forEach(([, tensor]) => tensor.dispose()));
      return Promise.resolve({ outputs, run, dispose });
    },
  };
}

const tensors = new WeakMap<DeviceTensor, tf.Tensor>();

function wrap(tensor: tf.Tensor): DeviceTensor {
  const value: DeviceTensor = {
    spec: specOf(tensor),
    read: () => download(tensor),
    dispose() {
      tensors.delete(value);
      tensor.dispose();
    },
  };
  tensors.set(value, tensor);
  return value;
}

function tensorOf(value: Value): tf.Tensor {
  if (!isDeviceTensor(value)) return upload(value);
  const tensor = tensors.get(value);
  if (!tensor) {
    throw new Error("Cannot use a tensor that was disposed or belongs to another device");
  }
  return tensor;
}

/** tfjs keeps the array it is given until the first operation reads it, so it gets its own copy. */
function upload({ data, shape, dtype }: HostTensor): tf.Tensor {
  return tf.tensor(data.slice(), [...shape], dtype);
}

async function download(tensor: tf.Tensor): Promise<HostTensor> {
  const data = await tensor.data() as HostTensor["data"];
  return { ...specOf(tensor), data };
}

function specOf({ shape, dtype }: tf.Tensor): TensorSpec {
  return { shape, dtype: dtype as TensorSpec["dtype"] };
}
