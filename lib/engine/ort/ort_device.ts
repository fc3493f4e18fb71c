import type { HostTensor, SpecRecord, TensorSpec } from "../../tensors.ts";
import { sizeOf } from "../../tensors.ts";
import type { Device, DeviceName, DeviceTensor, Executable, Value } from "../device.ts";
import { checkInputs, isDeviceTensor } from "../device.ts";
import type { Graph } from "../graph.ts";
import { trace } from "../trace.ts";
import { ortApi } from "./api.ts";
import { findChannelBlock } from "./channel_block.ts";
import type { SessionOptions } from "./session.ts";
import { copyTensor, createSession } from "./session.ts";
import type { OrtTensor } from "./tensor.ts";
import { allocate, allocateHost, releaseTensor, wrapHost } from "./tensor.ts";

/** A device that ONNX Runtime drives through its C interface. */
export function ortDevice(name: DeviceName, sessionOptions: SessionOptions): Device {
  const { deviceMemory, threads = navigator.hardwareConcurrency } = sessionOptions;
  const inTurn = deviceMemory ? createQueue() : atOnce;
  return {
    name,
    description: `ONNX Runtime ${ortApi().version}, ${name}` +
      (name === "cpu" ? `, ${threads} threads` : ""),
    async prepare(fn, inputs, { constants = {}, profile } = {}) {
      const { graph, outputs } = trace(fn, inputs, {
        constants,
        onHost: name === "cpu",
        channelBlock: name === "cpu" ? await findChannelBlock() : 0,
      });
      const session = await createSession(graph, {
        ...sessionOptions,
        ...(profile && { profile }),
      });
      const used = specs(graph.inputs);
      const physical = specs(graph.outputs);

      const run: Executable["run"] = async (values, { keep = [], recycle = {}, signal } = {}) => {
        checkInputs(values, inputs);
        const temporary: OrtTensor[] = [];
        const wrap = (tensor: HostTensor) => {
          const wrapped = wrapHost(tensor);
          temporary.push(wrapped);
          return wrapped;
        };
        try {
          const bound: Record<string, OrtTensor> = {};
          for (const input of Object.keys(used)) {
            const value = values[input]!;
            bound[input] = isDeviceTensor(value) ? native(value) : wrap(value);
          }
          const targets: Record<string, OrtTensor> = {};
          const kept: SpecRecord = {};
          const results: Record<string, Value> = {};
          for (const [output, spec] of Object.entries(outputs)) {
            if (keep.includes(output) && deviceMemory) {
              kept[output] = spec;
              continue;
            }
            const tensor = keep.includes(output)
              ? recycle[output] ?? deviceTensor(allocateHost(spec))
              : { ...spec, data: allocate(spec.dtype, sizeOf(spec.shape)) };
            const data = isDeviceTensor(tensor) ? native(tensor).data! : tensor.data;
            targets[output] = wrap({ ...physical[output]!, data });
            results[output] = tensor;
          }
          const onDevice = await inTurn(() => session.run(bound, targets, { keep: kept, signal }));
          for (const [output, tensor] of Object.entries(onDevice)) {
            results[output] = deviceTensor(tensor, inTurn);
            recycle[output]?.dispose();
          }
          return results;
        } finally {
          temporary.forEach(releaseTensor);
        }
      };
      return { outputs, run, endProfiling: session.endProfiling, dispose: session.dispose };
    },
  };
}

const natives = new WeakMap<DeviceTensor, OrtTensor>();

function deviceTensor(tensor: OrtTensor, inTurn: Turn = atOnce): DeviceTensor {
  const result: DeviceTensor = {
    spec: tensor.spec,
    read: () =>
      inTurn(() => {
        const { data } = native(result);
        return Promise.resolve({ ...tensor.spec, data: data?.slice() ?? readBack(tensor) });
      }),
    dispose() {
      if (natives.delete(result)) releaseTensor(tensor);
    },
  };
  natives.set(result, tensor);
  return result;
}

function native(tensor: DeviceTensor): OrtTensor {
  const found = natives.get(tensor);
  if (!found) throw new Error("Cannot use a tensor that was disposed or belongs to another device");
  return found;
}

/** Copies a tensor that lies on a device to the host. */
function readBack(tensor: OrtTensor): HostTensor["data"] {
  const target = allocateHost(tensor.spec);
  try {
    copyTensor(tensor, target);
    return target.data!;
  } finally {
    releaseTensor(target);
  }
}

/** Says when work is done. */
type Turn = <T>(work: () => Promise<T>) => Promise<T>;

async function atOnce<T>(work: () => Promise<T>): Promise<T> {
  return await work();
}

/** Devices that have one queue of commands run programs, and read results back, one at a time. */
function createQueue(): Turn {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work, work);
    last = next.catch(() => {});
    return next;
  };
}

function specs(values: Graph["inputs"]): SpecRecord {
  return Object.fromEntries(
    values.map(({ name, shape, dtype }) => [name, { shape, dtype } as TensorSpec]),
  );
}
