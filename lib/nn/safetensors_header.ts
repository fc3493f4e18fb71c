import { sizeOf } from "../tensors.ts";

/** Element types that can be stored, with their size in bytes. */
const BYTES = { F32: 4, F16: 2, BF16: 2, I32: 4, BOOL: 1 };

/** Name of an element type in a safetensors file. */
export type StoredDType = keyof typeof BYTES;

/** Where one tensor lies; `begin` and `end` count from the first byte after the header. */
export interface TensorEntry {
  name: string;
  dtype: StoredDType;
  shape: number[];
  begin: number;
  end: number;
}

/** What the start of a safetensors file says. */
export interface SafetensorsHeader {
  /** In the order in which they lie in the file. */
  entries: TensorEntry[];
  metadata: Record<string, string>;
  /** Position of the first byte after the header. */
  dataStart: number;
}

/** As in the reference implementation: a longer header is a damaged one. */
const LONGEST_HEADER = 100_000_000;

/** Header length (8 bytes, little-endian), then JSON, padded with spaces so that the data starts at a multiple of 8. */
export function encodeHeader(
  entries: readonly TensorEntry[],
  metadata: Record<string, string>,
): Uint8Array<ArrayBuffer> {
  // A map would not do: JavaScript objects put names like "0" before all others.
  const fields = entries.map(({ name, dtype, shape, begin, end }) => {
    return [name, { dtype, shape, data_offsets: [begin, end] }] as const;
  });
  const notes = Object.keys(metadata).length > 0 ? [["__metadata__", metadata] as const] : [];
  const json = `{${
    [...notes, ...fields].map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`)
      .join(",")
  }}`;
  const text = new TextEncoder().encode(json);
  const length = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(8 + length).fill(0x20, 8 + text.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(text, 8);
  return bytes;
}

/** Reads and checks the header: every byte after it must belong to exactly one tensor. */
export function decodeHeader(bytes: Uint8Array): SafetensorsHeader {
  const { header, dataStart } = parseHeader(bytes);
  const { __metadata__: notes = {}, ...fields } = header;
  const entries = Object.entries(fields).map(([name, field]) => checkEntry(name, field));
  // Empty tensors share their offset with what follows, so they must come first.
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkLayout(entries, bytes.length - dataStart);
  return { entries, metadata: checkMetadata(notes), dataStart };
}

function parseHeader(bytes: Uint8Array): { header: Record<string, unknown>; dataStart: number } {
  if (bytes.length < 8) {
    fail(`it has ${bytes.length} bytes, and the length of the header alone takes 8`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  if (length > LONGEST_HEADER) {
    fail(`its header claims ${length} bytes; this is no safetensors file, or it is damaged`);
  }
  if (8 + length > bytes.length) {
    fail(
      `it is truncated: the header takes ${length} bytes and only ${bytes.length - 8} are there`,
    );
  }
  let header: unknown;
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true });
    header = JSON.parse(decoder.decode(bytes.subarray(8, 8 + length)));
  } catch (error) {
    fail(`its header is not JSON (${(error as Error).message})`);
  }
  if (!isRecord(header)) fail("its header is not a JSON object");
  return { header, dataStart: 8 + length };
}

function checkEntry(name: string, field: unknown): TensorEntry {
  const { dtype, shape, data_offsets: offsets } = isRecord(field) ? field : {};
  if (typeof dtype !== "string" || !isSizes(shape) || !isSizes(offsets) || offsets.length !== 2) {
    fail(`the header entry of "${name}" lacks a valid dtype, shape or data_offsets`);
  }
  if (!Object.hasOwn(BYTES, dtype)) {
    fail(`"${name}" is ${dtype}; only ${Object.keys(BYTES).join(", ")} can be read`);
  }
  const [begin, end] = offsets as [number, number];
  const stored = dtype as StoredDType;
  const expected = sizeOf(shape) * BYTES[stored];
  if (end - begin !== expected) {
    fail(
      `"${name}" lies at bytes ${begin}–${end}, but ${dtype}[${shape.join(", ")}] ` +
        `takes ${expected} bytes`,
    );
  }
  return { name, dtype: stored, shape, begin, end };
}

function checkLayout(entries: readonly TensorEntry[], available: number): void {
  let end = 0;
  for (const entry of entries) {
    if (entry.begin < end) fail(`"${entry.name}" overlaps the tensor before it`);
    if (entry.begin > end) {
      fail(`there is a gap of ${entry.begin - end} bytes before "${entry.name}"`);
    }
    if (entry.end > available) {
      fail(
        `it is truncated: "${entry.name}" ends at byte ${entry.end} of the data, ` +
          `and only ${available} are there`,
      );
    }
    end = entry.end;
  }
  if (available > end) fail(`${available - end} bytes after the last tensor belong to none`);
}

function checkMetadata(notes: unknown): Record<string, string> {
  if (!isRecord(notes) || Object.values(notes).some((note) => typeof note !== "string")) {
    fail("its __metadata__ is not a map of texts");
  }
  return notes as Record<string, string>;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function fail(reason: string): never {
  throw new RangeError(`Cannot read safetensors: ${reason}`);
}
