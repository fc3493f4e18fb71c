import { assertEquals, assertRejects } from "@std/assert";
import { chooseData } from "@course/course/choose_data.ts";
import { withFolder } from "../training/fixtures.ts";
import { idxFile } from "../data/idx_file.ts";

Deno.test("chooseData() takes generated digits where there is no MNIST, and says how to get it", () =>
  withFolder(async (folder) => {
    const said: string[] = [];
    const print = (line: string) => said.push(line);
    assertEquals(await chooseData("auto", { folder, print }), {
      name: "digits",
      size: -1,
      seed: 0,
    });
    assertEquals(said, [
      "Learning from generated digits. Real handwriting (MNIST) is not on this computer: " +
      "`deno task data fetch mnist` gets it.",
    ]);
    assertEquals((await chooseData("digits", { folder, print })).name, "digits");
    assertEquals(said[1], "Learning from generated digits.");
    await assertRejects(
      () => chooseData("mnist", { folder, print }),
      "MNIST is not in",
    );
  }));

Deno.test("chooseData() takes MNIST from the folder where it lies", () =>
  withFolder(async (folder) => {
    await Deno.writeFile(
      `${folder}/t10k-images-idx3-ubyte`,
      idxFile([20, 28, 28], new Uint8Array(20 * 28 * 28)),
    );
    await Deno.writeFile(`${folder}/t10k-labels-idx1-ubyte`, idxFile([20], new Uint8Array(20)));
    const said: string[] = [];
    const print = (line: string) => said.push(line);
    const expected = { name: "mnist", size: -1, seed: 0, folder };
    assertEquals(await chooseData("auto", { folder, print }), expected);
    assertEquals(await chooseData("mnist", { folder, print }), expected);
    assertEquals(said[0]!.startsWith("Learning from MNIST handwritten digits"), true);
  }));

Deno.test("chooseData() refuses what it does not know", async () => {
  await assertRejects(
    () => chooseData("MNIST" as "mnist"),
    'There is no dataset "MNIST": choose one of auto, digits, mnist',
  );
});
