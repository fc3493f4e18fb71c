import type { HostData, HostRecord, HostTensor } from "../tensors.ts";
import { describeSpec, sizeOf } from "../tensors.ts";
import type { StoredDType, TensorEntry } from "./safetensors_header.ts";
import { decodeHeader, encodeHeader } from "./safetensors_header.ts";

/** Tensors and free text notes, as a safetensors file holds them. */
export interface Safetensors {
  tensors: HostRecord;
  metadata: Record<string, string>;
}

/** Options of {@linkcode encodeSafetensors}. */
export interface SafetensorsOptions {
  /** Free text notes, kept in the header. */
  metadata?: Record<string, string>;
  /** How float32 tensors are stored: `F16` halves the file and keeps about three digits. */
  floats?: "F32" | "F16";
}

/** Writes tensors to the bytes of a safetensors file (the format of huggingface/safetensors). */
export function encodeSafetensors(
  tensors: HostRecord,
  options: SafetensorsOptions = {},
): Uint8Array<ArrayBuffer> {
  const parts = safetensorsParts(tensors, options);
  const bytes = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

/**
 * The same file in pieces to be written one after another: header, then one piece per tensor.
 * Pieces of F32 and I32 tensors are views of the tensors' own memory, so that large files need no second copy.
 */
export function safetensorsParts(
  tensors: HostRecord,
  options: SafetensorsOptions = {},
): Uint8Array<ArrayBuffer>[] {
  const { metadata = {}, floats = "F32" } = options;
  const entries: TensorEntry[] = [];
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let offset = 0;
  for (const [name, tensor] of Object.entries(tensors)) {
    if (tensor.data.length !== sizeOf(tensor.shape)) {
      throw new RangeError(
        `Cannot write ${name}: ${describeSpec(tensor)} holds ${tensor.data.length} values`,
      );
    }
    const dtype = storedAs(tensor, floats);
    const data = dtype === "F16" ? narrow(name, tensor.data) : tensor.data;
    const piece = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    entries.push({
      name,
      dtype,
      shape: [...tensor.shape],
      begin: offset,
      end: offset + piece.length,
    });
    pieces.push(piece);
    offset += piece.length;
  }
  return [encodeHeader(entries, metadata), ...pieces];
}

/**
 * Reads the bytes of a safetensors file; F16 and BF16 become float32.
 * Throws with the reason if the file is truncated, its header is damaged, or a type is not supported.
 */
export function decodeSafetensors(bytes: Uint8Array): Safetensors {
  const { entries, metadata, dataStart } = decodeHeader(bytes);
  const tensors = entries.map(({ name, dtype, shape, begin, end }): [string, HostTensor] => {
    // A copy: it starts at an aligned address, and does not keep the whole file in memory.
    const { buffer } = new Uint8Array(bytes.subarray(dataStart + begin, dataStart + end));
    return [name, { shape, ...READERS[dtype](buffer) }];
  });
  return { tensors: Object.fromEntries(tensors), metadata };
}

const READERS: Record<
  StoredDType,
  (buffer: ArrayBuffer) => { dtype: HostTensor["dtype"]; data: HostData }
> = {
  F32: (buffer) => ({ dtype: "float32", data: new Float32Array(buffer) }),
  F16: (buffer) => ({ dtype: "float32", data: new Float32Array(new Float16Array(buffer)) }),
  BF16: (buffer) => ({ dtype: "float32", data: widenBFloat16(new Uint16Array(buffer)) }),
  I32: (buffer) => ({ dtype: "int32", data: new Int32Array(buffer) }),
  BOOL: (buffer) => ({ dtype: "bool", data: new Uint8Array(buffer) }),
};

/** BF16 is the upper half of a float32. */
function widenBFloat16(halves: Uint16Array): Float32Array<ArrayBuffer> {
  const words = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) words[i] = halves[i]! << 16;
  return new Float32Array(words.buffer);
}

function narrow(name: string, data: HostData): Float16Array<ArrayBuffer> {
  const halves = new Float16Array(data);
  const at = halves.findIndex((half, i) => !Number.isFinite(half) && Number.isFinite(data[i]));
  if (at >= 0) {
    throw new RangeError(`Cannot write ${name} as F16: it holds ${data[at]}, F16 ends at 65504`);
  }
  return halves;
}

function storedAs(tensor: HostTensor, floats: "F32" | "F16"): StoredDType {
  if (tensor.dtype === "float32") return floats;
  return tensor.dtype === "int32" ? "I32" : "BOOL";
}
