import { assert, assertAllClose, assertEquals, assertThrows } from "@std/assert";
import { decodeSafetensors, encodeSafetensors, safetensorsParts } from "../../lib/nn/mod.ts";
import { float32, type HostRecord, int32 } from "../../lib/tensors.ts";

const tensors: HostRecord = {
  "b.weight": float32([2, 3], [1, -2, 0.5, 3e-20, 1e30, -0]),
  a: int32([2], [7, -8]),
  empty: float32([0, 4]),
  scalar: float32([], [42]),
  flags: { shape: [3], dtype: "bool", data: Uint8Array.of(1, 0, 1) },
};

/** A file with the given header and data. */
function file(header: unknown, data: number[] = []): Uint8Array {
  const text = new TextEncoder().encode(
    typeof header === "string" ? header : JSON.stringify(header),
  );
  const length = new BigUint64Array([BigInt(text.length)]);
  return Uint8Array.of(...new Uint8Array(length.buffer), ...text, ...data);
}

const f32 = (shape: number[], begin: number, end: number) => ({
  dtype: "F32",
  shape,
  data_offsets: [begin, end],
});

Deno.test("`decodeSafetensors()` reads back what `encodeSafetensors()` wrote", () => {
  const bytes = encodeSafetensors(tensors, { metadata: { step: "12", note: 'ü "quoted"' } });
  const read = decodeSafetensors(bytes);
  assertEquals(read.metadata, { step: "12", note: 'ü "quoted"' });
  assertEquals(Object.keys(read.tensors).sort(), Object.keys(tensors).sort());
  for (const name of Object.keys(tensors)) assertEquals(read.tensors[name], tensors[name], name);
});

Deno.test("tensors lie where the format says, after a header that is a multiple of 8 long", () => {
  for (const name of ["a", "ab", "abc", "abcdefgh"]) {
    const bytes = encodeSafetensors({ [name]: float32([1], [1]) });
    const view = new DataView(bytes.buffer);
    const length = Number(view.getBigUint64(0, true));
    assertEquals(length % 8, 0);
    assertEquals(bytes.length, 8 + length + 4);
    assertEquals(view.getFloat32(8 + length, true), 1);
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    assertEquals(header, { [name]: { dtype: "F32", shape: [1], data_offsets: [0, 4] } });
  }
});

Deno.test("`decodeSafetensors()` reads a file that starts at any address", () => {
  const bytes = encodeSafetensors(tensors);
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  assertEquals(decodeSafetensors(shifted.subarray(3)), decodeSafetensors(bytes));
});

Deno.test("F16 takes half the space and keeps three digits", () => {
  const values = Float32Array.from({ length: 1000 }, (_, i) => Math.sin(i) * 10 ** (i % 7 - 3));
  const bytes = encodeSafetensors({ values: float32([1000], values) }, { floats: "F16" });
  assert(bytes.length < 2100);
  const { values: read } = decodeSafetensors(bytes).tensors;
  assertEquals(read!.dtype, "float32");
  assertAllClose(read!.data, values, 5e-4);
  assertThrows(
    () => encodeSafetensors({ values: float32([1], [70000]) }, { floats: "F16" }),
    "Cannot write values as F16: it holds 70000",
  );
});

Deno.test("F16 and BF16 bit patterns are read as the numbers they stand for", () => {
  const header = {
    half: { dtype: "F16", shape: [3], data_offsets: [0, 6] },
    brain: { dtype: "BF16", shape: [3], data_offsets: [6, 12] },
  };
  // F16: 1, −2, least subnormal 2⁻²⁴. BF16: 1, −2.5, 2¹²⁷.
  const data = [0x00, 0x3c, 0x00, 0xc0, 0x01, 0x00, 0x80, 0x3f, 0x20, 0xc0, 0x00, 0x7f];
  const read = decodeSafetensors(file(header, data)).tensors;
  assertEquals([...read["half"]!.data], [1, -2, 2 ** -24]);
  assertEquals([...read["brain"]!.data], [1, -2.5, 2 ** 127]);
});

Deno.test("F16 is written as the nearest number, ties to even, by hand-made bit patterns", () => {
  // Between 1 and 2 the step is 2⁻¹⁰, between 2⁻²⁴ and 2⁻¹⁴ it is 2⁻²⁴, above 32768 it is 32.
  const cases: [number, number][] = [
    [1, 0x3c00],
    [-0, 0x8000],
    [1 + 2 ** -11, 0x3c00], // a tie: down to the even one
    [1 + 3 * 2 ** -11, 0x3c02], // a tie: up to the even one
    [1 + 2 ** -11 + 2 ** -23, 0x3c01], // just above a tie
    [2 ** -24, 0x0001],
    [2 ** -25, 0x0000], // a tie with zero
    [1.5 * 2 ** -25, 0x0001],
    [-65504, 0xfbff],
    [65519, 0x7bff], // below the middle of 65504 and the next step, 65536
  ];
  const values = Float32Array.from(cases, ([value]) => value);
  const bytes = encodeSafetensors({ values: float32([cases.length], values) }, { floats: "F16" });
  const { tensors } = decodeSafetensors(bytes);
  const stored = new Uint16Array(bytes.slice(-2 * cases.length).buffer);
  cases.forEach(([value, bits], i) => assertEquals(stored[i], bits, String(value)));
  assertEquals(tensors["values"]!.data.at(-1), 65504);
  for (const value of [65520, -65520, 1e30]) {
    const tensor = float32([2], [0, value]);
    assertThrows(
      () => encodeSafetensors({ tensor }, { floats: "F16" }),
      `Cannot write tensor as F16: it holds ${Math.fround(value)}`,
    );
  }
});

Deno.test("pieces of `safetensorsParts()` make the file and share memory with the tensors", () => {
  const parts = safetensorsParts(tensors);
  const joined = Uint8Array.of(...parts.flatMap((part) => [...part]));
  assertEquals(joined, encodeSafetensors(tensors));
  assert(parts.some((part) => part.buffer === tensors["b.weight"]!.data.buffer));
});

Deno.test("a file cut anywhere is refused with a reason", () => {
  const bytes = encodeSafetensors(tensors);
  for (let length = 0; length < bytes.length; length++) {
    assertThrows(() => decodeSafetensors(bytes.subarray(0, length)), "Cannot read safetensors: ");
  }
  assertThrows(() => decodeSafetensors(bytes.subarray(0, 5)), "it has 5 bytes");
  assertThrows(() => decodeSafetensors(bytes.subarray(0, 40)), "it is truncated: the header takes");
  assertThrows(() => decodeSafetensors(bytes.subarray(0, -1)), 'it is truncated: "');
});

Deno.test("damaged files are refused with the reason", () => {
  const cases: [Uint8Array, string][] = [
    [new Uint8Array(32).fill(255), "this is no safetensors file"],
    [file("{bad"), "its header is not JSON"],
    [file("[1]"), "its header is not a JSON object"],
    [file({ a: 1 }), 'the header entry of "a" lacks a valid dtype, shape or data_offsets'],
    [file({ a: { dtype: "F32", shape: [-1], data_offsets: [0, 4] } }), "lacks a valid"],
    [file({ a: { dtype: "F32", shape: [1], data_offsets: [0] } }), "lacks a valid"],
    [file({ a: { dtype: "F64", shape: [1], data_offsets: [0, 8] } }), '"a" is F64; only F32, F16'],
    [file({ a: { dtype: "toString", shape: [1], data_offsets: [0, 8] } }), '"a" is toString; only'],
    [file({ a: f32([2], 0, 4) }, [0, 0, 0, 0]), "F32[2] takes 8 bytes"],
    [file({ a: f32([1], 4, 0) }), '"a" lies at bytes 4–0'],
    [
      file({ a: f32([1], 0, 4), b: f32([1], 0, 4) }, [0, 0, 0, 0]),
      '"b" overlaps the tensor before',
    ],
    [file({ a: f32([1], 4, 8) }, Array(8).fill(0)), 'a gap of 4 bytes before "a"'],
    [file({ a: f32([1], 0, 4) }, Array(6).fill(0)), "2 bytes after the last tensor belong to none"],
    [file({ a: f32([1000], 0, 4000) }, [0]), '"a" ends at byte 4000 of the data, and only 1 are'],
    [file({ __metadata__: { step: 1 } }), "its __metadata__ is not a map of texts"],
  ];
  for (const [bytes, reason] of cases) assertThrows(() => decodeSafetensors(bytes), reason);
});

Deno.test("`encodeSafetensors()` refuses a tensor whose shape is not that of its data", () => {
  const wrong = { shape: [3], dtype: "float32" as const, data: new Float32Array(2) };
  assertThrows(() => encodeSafetensors({ wrong }), "Cannot write wrong: float32[3] holds 2 values");
});
