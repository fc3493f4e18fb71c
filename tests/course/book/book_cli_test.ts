import { assertEquals, assertStringIncludes } from "@std/assert";

const ROOT = new URL("../../../", import.meta.url);

async function book(...args: string[]): Promise<{ code: number; said: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--allow-read=.",
      "--allow-write=runs",
      "lib/course/book/book_cli.ts",
      ...args,
    ],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  return { code, said: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}

Deno.test("the command says where it may write, and replaces no folder that is not a book", async () => {
  const outside = await book("--out", "lib/book");
  assertEquals(outside.code, 2);
  assertStringIncludes(outside.said, "within runs/ alone");
  await Deno.mkdir(new URL("runs", ROOT), { recursive: true });
  const folder = await Deno.makeTempDir({ dir: new URL("runs", ROOT).pathname, prefix: ".book-" });
  try {
    await Deno.writeTextFile(`${folder}/notes.txt`, "mine");
    const other = await book("--out", folder);
    assertEquals(other.code, 1);
    assertStringIncludes(other.said, "holds other files");
    assertEquals(await Deno.readTextFile(`${folder}/notes.txt`), "mine");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the command writes a book, in place of an older one", async () => {
  await Deno.mkdir(new URL("runs", ROOT), { recursive: true });
  const folder = await Deno.makeTempDir({ dir: new URL("runs", ROOT).pathname, prefix: ".book-" });
  try {
    for (const old of ["index.html", "glossary.html", "left_over.html"]) {
      await Deno.writeTextFile(`${folder}/${old}`, "old");
    }
    const { code, said } = await book("--out", folder);
    assertEquals(code, 0, said);
    assertStringIncludes(said, "index.html in a browser");
    assertStringIncludes(await Deno.readTextFile(`${folder}/index.html`), "<!doctype html>");
    const left = await Deno.lstat(`${folder}/left_over.html`).then(() => true, () => false);
    assertEquals(left, false);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
