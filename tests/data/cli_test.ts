import { join } from "node:path";
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import sharp from "sharp";
import { runData } from "../../lib/data/cli.ts";

async function output(...args: string[]): Promise<string> {
  const lines: string[] = [];
  await runData(args, (line) => lines.push(line));
  return lines.join("\n");
}

Deno.test("`deno task data` explains itself when called without a command", async () => {
  assertStringIncludes(await output(), "deno task data COMMAND");
  assertStringIncludes(await output("preview", "--help"), "deno task data COMMAND");
});

Deno.test("`data list` names every dataset and what is on this machine", async () => {
  const text = await output("list", "--folder", "nowhere");
  assertStringIncludes(text, "digits   handwriting-like");
  assertStringIncludes(text, "deno task data fetch mnist");
});

Deno.test("`data preview` draws as many images as asked into a PNG", async () => {
  const folder = await Deno.makeTempDir(), out = join(folder, "new", "grid.png");
  const text = await output("preview", "digits", "--count", "12", "--seed=4", "--out", out);
  assertStringIncludes(text, `12 of them drawn in ${out}`);
  const { format, width = 0, height = 0 } = await sharp(await Deno.readFile(out)).metadata();
  assertEquals(format, "png");
  assertEquals(width > height, true);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("`data preview` draws pictures of one stage, or of all, with their captions", async () => {
  const folder = await Deno.makeTempDir(), out = join(folder, "pictures.png");
  const scenes = ["--stage", "scenes", "--size", "32", "--count", "3", "--out", out];
  assertStringIncludes(await output("preview", "pictures", ...scenes), "32×32 of the train stream");
  const one = await sharp(await Deno.readFile(out)).metadata();
  assertStringIncludes(
    await output("preview", "pictures", "--count=9", "--combinations=unseen", "--out", out),
    "all stages, unseen combinations",
  );
  const all = await sharp(await Deno.readFile(out)).metadata();
  // Three captioned images in a row, and nine in two rows of six columns.
  assertEquals(one.width! > one.height! && all.width! > 1.5 * one.width!, true);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("`data verify` fails where files are wrong, not where they are missing", async () => {
  const folder = await Deno.makeTempDir();
  assertStringIncludes(await output("verify", "mnist", "--folder", folder), "missing");
  await Deno.writeTextFile(join(folder, "t10k-labels-idx1-ubyte.gz"), "damaged");
  await assertRejects(() => output("verify", "--folder", folder), "Damaged: t10k-labels");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("`data` refuses what it does not know in a sentence with the nearest valid name", async () => {
  const refused: [args: string[], message: string][] = [
    [["prevew", "digits"], 'There is no command "prevew": did you mean "preview"?'],
    [["preview", "digit"], 'There is no dataset "digit": did you mean "digits"?'],
    [["preview", "digits", "--cout", "3"], "There is no option --cout: did you mean --count?"],
    [["preview", "digits", "--count", "many"], 'Option --count is "many": expected a whole number'],
    [["preview", "digits", "--count", "-3"], 'Option --count is "-3"'],
    [["preview", "digits", "--count", "0"], "expected a whole number from 1 to 2500"],
    [["preview", "digits", "--seed"], "Option --seed needs a value"],
    [["preview", "digits", "--split", "test"], "splits are train and heldout"],
    [["preview", "digits", "--out", "grid.jpg"], "expected a .png file"],
    [["preview", "digits", "more"], 'Cannot read "more": after the command comes one name'],
    [["preview"], "Name a dataset: digits, mnist"],
    [["preview", "pictures", "--stage", "scene"], "did you mean scenes?"],
    [["preview", "pictures", "--size", "2"], "expected a whole number from 16 to 1024"],
    [["preview", "pictures", "--combinations", "new"], "expected one of seen, unseen"],
    [["preview", "digits", "--stage", "scenes"], "Option --stage is for pictures: digits has none"],
    [["preview", "digits", "--size", "64"], "images of digits have one size"],
    [["preview", "folder"], "Which folder?"],
    [["check"], "deno task data check photos"],
    [["check", "nowhere"], "Cannot read the folder nowhere"],
    [["export"], "deno task data export pictures"],
    [["export", "pictures", "--captions", "xml"], "expected one of csv, jsonl, txt"],
    [["fetch"], "deno task data fetch mnist"],
    [["toString"], 'There is no command "toString"'],
  ];
  for (const [args, message] of refused) await assertRejects(() => output(...args), message);
});
