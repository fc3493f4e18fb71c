import { gunzipSync } from "node:zlib";

/** Bytes with their shape, as an IDX file stores them. */
export interface IdxArray {
  shape: number[];
  data: Uint8Array<ArrayBuffer>;
}

/**
 * Reads an IDX file of unsigned bytes, packed by gzip or not.
 *
 * The format (LeCun, "The MNIST database"): two zero bytes, the element type (8 is unsigned byte),
 * the number of dimensions, each size as a big-endian 32-bit number, then the elements.
 * Throws a RangeError saying what came and what was expected when the file is damaged.
 */
export function readIdx(file: Uint8Array, name = "IDX file"): IdxArray {
  const bytes = unpack(file, name);
  const dimensions = bytes[3] ?? 0, header = 4 + 4 * dimensions;
  if (bytes[0] !== 0 || bytes[1] !== 0 || bytes[2] !== 8 || dimensions === 0) {
    const start = [...bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, "0"));
    throw damaged(
      name,
      `it starts with [${start.join(" ")}], expected [00 00 08] and the number of dimensions`,
    );
  }
  if (bytes.length < header) {
    throw damaged(name, `it is ${bytes.length} bytes long, expected a header of ${header} bytes`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: dimensions }, (_, axis) => view.getUint32(4 + 4 * axis));
  const expected = shape.reduce((product, size) => product * size, 1);
  if (bytes.length - header !== expected) {
    throw damaged(
      name,
      `it holds ${bytes.length - header} elements, expected ${expected} for [${shape.join(", ")}]`,
    );
  }
  return { shape, data: bytes.slice(header) };
}

function unpack(file: Uint8Array, name: string): Uint8Array<ArrayBuffer> {
  const packed = file[0] === 0x1f && file[1] === 0x8b;
  if (!packed) return new Uint8Array(file);
  try {
    return new Uint8Array(gunzipSync(file));
  } catch (error) {
    throw damaged(name, `its gzip data does not unpack (${(error as Error).message})`);
  }
}

function damaged(name: string, what: string): RangeError {
  return new RangeError(`Cannot read ${name}: ${what}. The file is damaged: fetch it again`);
}
