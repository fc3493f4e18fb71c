import { assertEquals, assertThrows } from "@std/assert";
import { readNpy, writeNpy } from "@course/data/shards/npy.ts";

/** `numpy.save` of `numpy.arange(6, dtype="<f2").reshape(2, 3)` by numpy 1.24, byte for byte. */
function savedByNumpy(): Uint8Array<ArrayBuffer> {
  const header = "{'descr': '<f2', 'fortran_order': False, 'shape': (2, 3), }".padEnd(117) + "\n";
  const text = new TextEncoder().encode(header);
  const halves = [0, 0x3c00, 0x4000, 0x4200, 0x4400, 0x4500];
  return Uint8Array.from([
    ...[0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, text.length, 0],
    ...text,
    ...halves.flatMap((half) => [half & 255, half >> 8]),
  ]);
}

Deno.test("`writeNpy()` writes what numpy writes, and `readNpy()` reads it", () => {
  const array = { shape: [2, 3], data: new Float16Array([0, 1, 2, 3, 4, 5]) };
  assertEquals(writeNpy(array), savedByNumpy());
  assertEquals(readNpy(savedByNumpy(), "a"), array);
});

Deno.test("`.npy` files of every type and number of axes come back", () => {
  for (
    const array of [
      { shape: [4], data: new Int32Array([1, -2, 3, 2 ** 31 - 1]) },
      { shape: [2, 1, 2], data: new Float32Array([1.5, NaN, -0, 1e30]) },
      { shape: [0, 7], data: new Float16Array(0) },
    ]
  ) {
    const bytes = writeNpy(array);
    assertEquals(readNpy(bytes, "a"), array);
    // Also where it lies at an odd place of a larger file.
    const shifted = new Uint8Array(bytes.length + 1);
    shifted.set(bytes, 1);
    assertEquals(readNpy(shifted.subarray(1), "a"), array);
  }
});

Deno.test("`readNpy()` refuses what it cannot read by what came", () => {
  const bytes = savedByNumpy();
  assertThrows(() => readNpy(bytes.slice(1), "a.npy"), "Cannot read a.npy: it does not start");
  assertThrows(() => readNpy(bytes.slice(0, -1), "a.npy"), "11 bytes of data, expected 12");
  const other = String.fromCharCode(...bytes).replace("<f2", ">f8");
  assertThrows(
    () => readNpy(Uint8Array.from(other, (c) => c.charCodeAt(0)), "a.npy"),
    "expected row-major <f2, <f4, <i4, found {'descr': '>f8'",
  );
});
