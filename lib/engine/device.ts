import type { HostTensor, SpecRecord, TensorRecord, TensorSpec } from "../tensors.ts";

/** Devices by name; `cpu` is the default and always there. */
export const DEVICE_NAMES = ["cpu", "webgpu", "cuda", "coreml", "dml", "tensorflow"] as const;

/** Name of a device. */
export type DeviceName = typeof DEVICE_NAMES[number];

/** A function of tfjs tensors: what the engine compiles. */
export type TensorFunction = (inputs: TensorRecord) => TensorRecord;

/** A tensor that lies where programs run; on the cpu that is ordinary memory. */
export interface DeviceTensor {
  readonly spec: TensorSpec;
  /** A copy of the numbers on the host. */
  read(): Promise<HostTensor>;
  /** Gives its memory back. */
  dispose(): void;
}

/** What programs take: numbers on the host or a tensor already on the device. */
export type Value = HostTensor | DeviceTensor;

/** How a function is compiled. */
export interface CompileOptions {
  /** Inputs whose numbers are fixed, baked into the program: faster than handing them over each time. */
  constants?: Record<string, HostTensor>;
  /** File prefix for a time profile. */
  profile?: string;
}

/** How a program is run. */
export interface RunOptions {
  /** Results to leave on the device. */
  keep?: readonly string[];
  /** Kept results of an earlier run that nobody needs any more: their memory may be written to. */
  recycle?: Record<string, DeviceTensor>;
  /** Ends the run between two operators when it fires. */
  signal?: AbortSignal | undefined;
}

/** A function made ready to run on a device. */
export interface Executable {
  readonly outputs: SpecRecord;
  run(inputs: Record<string, Value>, options?: RunOptions): Promise<Record<string, Value>>;
  endProfiling?(): string;
  dispose(): Promise<void>;
}

/** Where programs run. */
export interface Device {
  readonly name: DeviceName;
  /** What does the computing, for reports: "ONNX Runtime 1.30.0, 2 threads". */
  readonly description: string;
  prepare(fn: TensorFunction, inputs: SpecRecord, options?: CompileOptions): Promise<Executable>;
}

/** True for values that already lie on the device. */
export function isDeviceTensor(value: Value): value is DeviceTensor {
  return "read" in value;
}

/** The numbers of a value on the host. */
export async function toHost(value: Value): Promise<HostTensor> {
  return isDeviceTensor(value) ? await value.read() : value;
}

/** Throws unless the values are exactly the inputs a program was compiled for. */
export function checkInputs(values: Record<string, Value>, inputs: SpecRecord): void {
  for (const [name, spec] of Object.entries(inputs)) {
    const value = values[name];
    if (!value) {
      throw new TypeError(
        `Input ${name} is missing: the program takes ${Object.keys(inputs).join(", ")}`,
      );
    }
    const came = isDeviceTensor(value) ? value.spec : value;
    const sameShape = came.shape.length === spec.shape.length &&
      came.shape.every((size, axis) => size === spec.shape[axis]);
    if (!sameShape || came.dtype !== spec.dtype) {
      throw new RangeError(
        `Input ${name} is ${came.dtype}[${came.shape.join(", ")}], ` +
          `but the program was compiled for ${spec.dtype}[${spec.shape.join(", ")}]`,
      );
    }
  }
  for (const name of Object.keys(values)) {
    if (!inputs[name]) {
      throw new TypeError(
        `There is no input ${name}: the program takes ${Object.keys(inputs).join(", ")}`,
      );
    }
  }
}
