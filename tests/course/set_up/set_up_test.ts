import { assertEquals, assertStringIncludes } from "@std/assert";
import { setUpChecks } from "@course/course/set_up/set_up_checks.ts";
import { setUpFigure, tryOut } from "@course/course/set_up/test_set_up.ts";

Deno.test("everything that the notebooks stand on works here", async () => {
  const runs = await Deno.makeTempDir();
  for (const check of setUpChecks({ runs })) {
    // Other programs may use the memory while tests run.
    if (check.name === "memory") continue;
    assertEquals((await tryOut(check)).problem, undefined, check.name);
  }
  await Deno.remove(runs, { recursive: true });
});

Deno.test("what does not work is said, with what to do", async () => {
  const bad = await tryOut({
    name: "the engine",
    run: () => Promise.reject(new Error("the loss is 7, by hand it is 10")),
    mend: "Restart the kernel.",
  });
  const good = await tryOut({
    name: "the data",
    run: () => Promise.resolve("ten digits"),
    mend: "",
  });
  const { text, html, alt } = setUpFigure([bad, good], 2);
  assertEquals(alt, "1 of 2 things do not work yet.");
  assertStringIncludes(text, "✗ the engine: the loss is 7, by hand it is 10");
  assertStringIncludes(text, "✓ the data: ten digits");
  assertStringIncludes(html, "Restart the kernel.");
});

Deno.test("a folder that cannot be written to is found", async () => {
  const file = await Deno.makeTempFile();
  const saving = setUpChecks({ runs: `${file}/runs` }).find(({ name }) => name === "saving")!;
  const { problem, mend } = await tryOut(saving);
  assertStringIncludes(problem!, "Cannot");
  assertStringIncludes(mend!, "runs");
  await Deno.remove(file);
});
