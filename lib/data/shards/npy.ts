import { sizeOf } from "../../tensors.ts";

/** Numbers of a `.npy` file with their shape, row-major. */
export interface NpyArray {
  shape: number[];
  data: Float16Array<ArrayBuffer> | Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>;
}

const TYPES = { "<f2": Float16Array, "<f4": Float32Array, "<i4": Int32Array } as const;
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0];

/**
 * The bytes of a `.npy` file, version 1.0, little-endian and row-major: `numpy.load` reads it.
 *
 * The format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function writeNpy({ shape, data }: NpyArray): Uint8Array<ArrayBuffer> {
  if (data.length !== sizeOf(shape)) {
    throw new RangeError(
      `Cannot write ${data.length} numbers as [${shape.join(", ")}]: ${sizeOf(shape)} are expected`,
    );
  }
  const descr = data instanceof Float16Array ? "<f2" : data instanceof Float32Array ? "<f4" : "<i4";
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  // The data starts at a multiple of 64, so that it can be used where it lies.
  const header = Math.ceil((MAGIC.length + 2 + text.length + 1) / 64) * 64;
  const bytes = new Uint8Array(header + data.byteLength).fill(0x20, 0, header);
  bytes.set(MAGIC);
  new DataView(bytes.buffer).setUint16(MAGIC.length, header - MAGIC.length - 2, true);
  bytes.set(new TextEncoder().encode(text), MAGIC.length + 2);
  bytes[header - 1] = 0x0a;
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), header);
  return bytes;
}

/**
 * Reads the bytes of a `.npy` file of half, single or 32-bit whole numbers; `data` is a view of the bytes.
 *
 * Throws a RangeError saying what came and what was expected for anything else.
 */
export function readNpy(bytes: Uint8Array<ArrayBuffer>, name: string): NpyArray {
  if (MAGIC.slice(0, 6).some((byte, i) => bytes[i] !== byte) || bytes.length < 12) {
    throw new RangeError(`Cannot read ${name}: it does not start as a .npy file does`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [lengthAt, textAt] = [8, bytes[6] === 1 ? 10 : 12];
  const length = bytes[6] === 1 ? view.getUint16(lengthAt, true) : view.getUint32(lengthAt, true);
  const text = new TextDecoder().decode(bytes.subarray(textAt, textAt + length));
  const descr = /'descr':\s*'([^']*)'/.exec(text)?.[1] ?? "none";
  const sizes = /'shape':\s*\(([\d,\s]*)\)/.exec(text)?.[1];
  if (
    !Object.hasOwn(TYPES, descr) || sizes === undefined || !/'fortran_order':\s*False/.test(text)
  ) {
    throw new RangeError(
      `Cannot read ${name}: expected row-major ${
        Object.keys(TYPES).join(", ")
      }, found ${text.trim()}`,
    );
  }
  const Type = TYPES[descr as keyof typeof TYPES];
  const shape = sizes.split(",").filter((size) => size.trim() !== "").map(Number);
  const rest = bytes.subarray(textAt + length);
  if (rest.length !== sizeOf(shape) * Type.BYTES_PER_ELEMENT) {
    throw new RangeError(
      `Cannot read ${name}: ${rest.length} bytes of data, ` +
        `expected ${sizeOf(shape) * Type.BYTES_PER_ELEMENT} for ${descr} [${shape.join(", ")}]`,
    );
  }
  const lies = rest.byteOffset % Type.BYTES_PER_ELEMENT === 0 ? rest : rest.slice();
  return { shape, data: new Type(lies.buffer, lies.byteOffset, sizeOf(shape)) };
}
