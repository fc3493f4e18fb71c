import type { DType, HostData, HostTensor, TensorSpec } from "../../tensors.ts";
import { sizeOf } from "../../tensors.ts";
import { ELEMENT_TYPE } from "../onnx_file.ts";
import type { Handle } from "./api.ts";
import { ortApi } from "./api.ts";

/** A tensor as the library sees it: on the host over a JavaScript array, or on the device. */
export interface OrtTensor {
  spec: TensorSpec;
  handle: Handle;
  /** The numbers, shared with the library without a copy; absent where they lie on the device. */
  data?: HostData;
}

let cpuMemory: Handle | undefined;

/** Wraps host numbers: the library reads and writes the array itself. */
export function wrapHost(tensor: HostTensor): OrtTensor {
  const arenaAllocator = 1, defaultMemory = 0;
  cpuMemory ??= ortApi().create("CreateCpuMemoryInfo", arenaAllocator, defaultMemory);
  const shape = BigInt64Array.from(tensor.shape, (size) => BigInt(size));
  const handle = ortApi().create(
    "CreateTensorWithDataAsOrtValue",
    cpuMemory,
    // Asking for the buffer moves small arrays out of JavaScript's own heap, where they could be moved about.
    new Uint8Array(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength),
    BigInt(tensor.data.byteLength),
    shape,
    BigInt(shape.length),
    ELEMENT_TYPE[tensor.dtype],
  );
  return { spec: { shape: tensor.shape, dtype: tensor.dtype }, handle, data: tensor.data };
}

/** A new host tensor for a result. */
export function allocateHost(spec: TensorSpec): OrtTensor {
  return wrapHost({ ...spec, data: allocate(spec.dtype, sizeOf(spec.shape)) });
}

/** Gives the library's side of the tensor back. */
export function releaseTensor(tensor: OrtTensor): void {
  ortApi().release("ReleaseValue", tensor.handle);
}

/** An array of zeros for an element type. */
export function allocate(dtype: DType, size: number): HostData {
  if (dtype === "float32") return new Float32Array(size);
  return dtype === "int32" ? new Int32Array(size) : new Uint8Array(size);
}
