/**
 * deno task book: writes the course as pages that are read in a browser, from the disk, without a network.
 *
 *     deno task book
 *     deno task book --out runs/course-book
 */
import { dirname, join, resolve } from "node:path";
import { readArguments, runCommand } from "../../arguments.ts";
import { explainDiskError } from "../../disk.ts";
import { LESSONS } from "../lessons.ts";
import { readCourseMap } from "./course_map.ts";
import { makeBook } from "./make_book.ts";

const USAGE = `deno task book

Writes the notebooks with their outputs, the glossary and what they point to as pages:
  --out FOLDER   where to, within runs/; runs/book by default
`;

await runCommand(async (args) => {
  const { words, options } = readArguments(args, { out: "value", help: "flag" });
  if (options.help) return console.log(USAGE);
  if (words.length > 0) throw new RangeError(`Cannot read "${words[0]}"\n\n${USAGE}`);
  const folder = options.out?.[0] ?? "runs/book";
  const allowed = await Deno.permissions.query({ name: "write", path: resolve(folder) });
  if (allowed.state !== "granted") {
    throw new RangeError(
      `Cannot write to ${folder}: the task may write within runs/ alone, as in --out runs/book`,
    );
  }
  await expectBook(folder);
  const start = performance.now(), map = await readCourseMap(), files = await makeBook(map);
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  for (const path of new Set([...files.keys()].map(dirname))) {
    await Deno.mkdir(join(folder, path), { recursive: true });
  }
  let bytes = 0;
  for (const [path, content] of files) {
    const data = typeof content === "string" ? new TextEncoder().encode(content) : content;
    bytes += data.length;
    // Not flushed to the disk one by one, as checkpoints are: a book is made anew in seconds.
    await Deno.writeFile(join(folder, path), data).catch((error) => {
      throw explainDiskError(error, `write ${join(folder, path)}`);
    });
  }
  for (const { name } of LESSONS.filter((lesson) => !map.some((one) => one.lesson === lesson))) {
    console.log(`Left out, since it was not built yet: deno task lesson build ${name}`);
  }
  const pages = [...files.keys()].filter((path) => path.endsWith(".html")).length;
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  console.log(
    `${pages} pages and ${files.size - pages} pictures, ${(bytes / 1e6).toFixed(1)} MB, ` +
      `in ${seconds} s. Open ${join(folder, "index.html")} in a browser.`,
  );
});

/** A folder with anything else than a book is not replaced. */
async function expectBook(folder: string): Promise<void> {
  const names: string[] = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)
    .catch(() => []);
  if (names.length === 0 || (names.includes("index.html") && names.includes("glossary.html"))) {
    return;
  }
  throw new Error(`${folder} holds other files: name a new folder with --out`);
}
