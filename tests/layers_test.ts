import { assertEquals } from "@std/assert";

/** Folders of lib: each may import from those before it. */
const LAYERS = [
  "engine",
  "nn",
  "models",
  "flow",
  "jupyter",
  "display",
  "text",
  "latents",
  "data",
  "training",
  "evaluation",
  "course",
];

const LIB = new URL("../lib/", import.meta.url);

Deno.test("each folder of lib knows only those before it, commands apart", async () => {
  const wrong: string[] = [];
  for (const [level, folder] of LAYERS.entries()) {
    for (const file of await filesBelow(new URL(`${folder}/`, LIB))) {
      // Commands stand on top of everything.
      if (file.pathname.endsWith("cli.ts")) continue;
      for (const imported of importsOf(await Deno.readTextFile(file), file)) {
        if (LAYERS.indexOf(imported) > level) wrong.push(`${file.pathname} imports ${imported}`);
      }
    }
  }
  assertEquals(wrong, []);
});

Deno.test("every folder of lib has its place in the order", async () => {
  const folders = (await Array.fromAsync(Deno.readDir(LIB))).filter((entry) => entry.isDirectory);
  assertEquals(folders.map(({ name }) => name).sort(), [...LAYERS].sort());
});

async function filesBelow(folder: URL): Promise<URL[]> {
  const files: URL[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) files.push(...await filesBelow(new URL(`${name}/`, folder)));
    else if (name.endsWith(".ts")) files.push(new URL(name, folder));
  }
  return files;
}

/** The folders of lib that a file imports from. */
function importsOf(code: string, file: URL): string[] {
  return [...code.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)]
    .map(([, path]) => new URL(path!, file).pathname)
    .filter((path) => path.startsWith(LIB.pathname))
    .map((path) => path.slice(LIB.pathname.length).split("/")[0]!);
}
