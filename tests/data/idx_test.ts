import { gzipSync } from "node:zlib";
import { assertEquals, assertThrows } from "@std/assert";
import { readIdx } from "../../lib/data/idx.ts";
import { idxFile } from "./idx_file.ts";

const file = idxFile([2, 3, 2], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 255]);

Deno.test("`readIdx()` reads shape and bytes, packed or not", () => {
  for (const bytes of [file, gzipSync(file)]) {
    const { shape, data } = readIdx(bytes);
    assertEquals(shape, [2, 3, 2]);
    assertEquals([...data], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 255]);
  }
});

Deno.test("`readIdx()` says what came and what was expected when a file is cut off", () => {
  assertThrows(() => readIdx(file.slice(0, -1), "a file"), "it holds 11 elements, expected 12");
  assertThrows(() => readIdx(file.slice(0, 9), "a file"), "9 bytes long, expected a header of 16");
  assertThrows(() => readIdx(new Uint8Array(), "a file"), "Cannot read a file: it starts with []");
});

Deno.test("`readIdx()` refuses other files and other element types", () => {
  const page = new TextEncoder().encode("<html>");
  assertThrows(() => readIdx(page), "it starts with [3c 68 74 6d], expected [00 00 08]");
  assertThrows(() => readIdx(new Uint8Array([0, 0, 0x0d, 1, 0, 0, 0, 0])), "[00 00 0d 01]");
});

Deno.test("`readIdx()` refuses gzip data that is damaged or cut off", () => {
  const packed = gzipSync(file);
  assertThrows(() => readIdx(packed.subarray(0, 20), "a file"), "gzip data does not unpack");
  packed[12] = packed[12]! ^ 0xff;
  assertThrows(() => readIdx(packed, "a file"), "fetch it again");
});
