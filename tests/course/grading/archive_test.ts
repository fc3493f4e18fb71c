import { assert, assertEquals, assertThrows } from "@std/assert";
import { Zip, ZipDeflate, ZipPassThrough, zipSync } from "fflate";
import { type ArchiveLimits, readArchive as read } from "../../../lib/course/grading/archive.ts";
import { bytesOf } from "./fixture.ts";

const all = () => true;
const readArchive = (
  bytes: Uint8Array,
  wanted: (path: string) => boolean,
  { budget = 1e9, ...limits }: Partial<ArchiveLimits> & { budget?: number } = {},
) => read(bytes, wanted, { bytes: budget }, { entries: 100, file: 1e9, ...limits });

const text = (files: readonly { path: string; bytes: Uint8Array }[]) =>
  Object.fromEntries(files.map(({ path, bytes }) => [path, new TextDecoder().decode(bytes)]));

/** An archive that is written as it goes: sizes stand behind each file, as macOS does it. */
function streamed(files: Readonly<Record<string, string>>, stored = false): Uint8Array {
  const pieces: Uint8Array[] = [];
  const zip = new Zip((_, piece) => pieces.push(piece));
  for (const [name, content] of Object.entries(files)) {
    const file = stored ? new ZipPassThrough(name) : new ZipDeflate(name);
    zip.add(file);
    file.push(bytesOf(content), true);
  }
  zip.end();
  return new Uint8Array(pieces.flatMap((piece) => [...piece]));
}

Deno.test("the files that are wanted are read, whatever they are called", () => {
  const files = { "a/Łukasz 1.ipynb": "one", "../../etc/passwd": "two", "__MACOSX/x": "three" };
  const zip = zipSync(Object.fromEntries(
    Object.entries(files).map(([name, content]) => [name, bytesOf(content)]),
  ));
  assertEquals(text(readArchive(zip, all)), files);
  assertEquals(text(readArchive(zip, (path) => path.endsWith(".ipynb"))), {
    "a/Łukasz 1.ipynb": "one",
  });
});

Deno.test("archives written as they go are read, and long ones", () => {
  const files = { "a.ipynb": "x".repeat(100_000), "b.ipynb": "", "c.ipynb": "yz" };
  assertEquals(text(readArchive(streamed(files), all)), files);
  const stored = Object.fromEntries(
    Object.entries(files).map(([name, content]) =>
      [name, [bytesOf(content), { level: 0 }]] as const
    ),
  );
  assertEquals(text(readArchive(zipSync(stored as never), all)), files);
});

Deno.test("an archive without files is read", () => {
  assertEquals(readArchive(zipSync({}), all), []);
});

Deno.test("what is no archive, or a damaged one, is said so", () => {
  assertThrows(() => readArchive(bytesOf("hello"), all), "it is no zip archive");
  assertThrows(() => readArchive(new Uint8Array(), all), "it is no zip archive");
  const zip = zipSync({ "a.ipynb": bytesOf("hello ".repeat(100)) });
  for (let i = 40; i < 60; i++) zip[i] = 255 - zip[i]!;
  assertThrows(() => readArchive(zip, all), "damaged");
});

Deno.test("an archive that was cut off is said so", () => {
  const zip = zipSync({ "a.ipynb": crypto.getRandomValues(new Uint8Array(10_000)) });
  assertThrows(() => readArchive(zip.subarray(0, 1000), all), "it is damaged or cut off");
});

Deno.test("an archive that unpacks to more than the limits is stopped on the way", () => {
  const zeros = new Uint8Array(50_000_000);
  const bomb = zipSync({ "a.ipynb": zeros, "b.ipynb": zeros }, { level: 9 });
  assert(bomb.length < 200_000);
  const started = performance.now();
  assertThrows(() => readArchive(bomb, all, { file: 1e6 }), "a.ipynb in it is larger than 1 MB");
  assert(performance.now() - started < 2000, "it was unpacked as a whole");
  assertThrows(() => readArchive(bomb, all, { budget: 60e6 }), "too much is packed into it");
});

Deno.test("an archive that lies about its sizes gains nothing", () => {
  const bomb = zipSync({ "a.ipynb": new Uint8Array(5_000_000) }, { level: 9 });
  const view = new DataView(bomb.buffer);
  // The unpacked size, in front of the file and in the list at the end.
  view.setUint32(22, 10, true);
  const list = view.getUint32(bomb.length - 6, true);
  view.setUint32(list + 24, 10, true);
  assertThrows(
    () => readArchive(bomb, all, { file: 1e6 }),
    "larger than 1 MB",
  );
});

Deno.test("an archive of very many files is stopped", () => {
  const names = Array.from({ length: 30 }, (_, i) => [`${i}`, new Uint8Array()]);
  const zip = zipSync(Object.fromEntries(names));
  assertThrows(
    () => readArchive(zip, all, { entries: 20 }),
    "more than 20 files",
  );
});

Deno.test("archives share a budget, also after one of them broke it", () => {
  const bomb = zipSync({ "a.ipynb": new Uint8Array(5_000_000) });
  const budget = { bytes: 8_000_000 };
  assertEquals(read(bomb, all, budget).length, 1);
  assertThrows(() => read(bomb, all, budget), "too much is packed into it");
  assertThrows(() => read(zipSync({ "b": bytesOf("small") }), all, budget), "too much");
});
