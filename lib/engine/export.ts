import type { HostRecord, SpecRecord } from "../tensors.ts";
import type { TensorFunction } from "./device.ts";
import { encodeModel, type EncodeOptions } from "./onnx_file.ts";
import { trace } from "./trace.ts";

/**
 * The bytes of an `.onnx` file that computes the function: inputs and outputs have the names of the
 * records, constants (trained weights) are inside. Only standard operators are used, so that any ONNX
 * runtime can run it, `onnxruntime-web` in a browser too. With `floats: "F16"` large constants are stored in half
 * precision, and computed with in float32 all the same.
 */
export function exportOnnx(
  fn: TensorFunction,
  inputs: SpecRecord,
  options: { constants?: HostRecord } & EncodeOptions = {},
): Uint8Array<ArrayBuffer> {
  const { constants = {}, ...how } = options;
  return encodeModel(trace(fn, inputs, { constants }).graph, how);
}
