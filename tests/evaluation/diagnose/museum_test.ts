import { assert, assertEquals } from "@std/assert";
import { FAULTS } from "@course/evaluation/diagnose/museum/faults.ts";
import { runMuseum } from "@course/evaluation/diagnose/museum/run.ts";
import { museumSummary } from "@course/evaluation/diagnose/museum/table.ts";
import { LINKS } from "@course/evaluation/diagnose/links.ts";
import { cpu, withFolder } from "../../training/fixtures.ts";

Deno.test("some planted faults are named as first suspect, and what is healthy is called so", async () => {
  await withFolder(async (folder) => {
    const exhibits = await runMuseum(cpu, {
      folder,
      healthy: [0],
      brief: true,
      systems: ["digits"],
      faults: ["swapped-axes", "no-time", "sampler-direction"],
    });
    const wrong = exhibits.filter(({ hit }) => !hit);
    assertEquals(wrong.map(({ key, expected, found }) => ({ key, expected, found })), []);
    assertEquals(exhibits.length, 4);
    assertEquals(
      museumSummary(exhibits),
      "3 of 3 planted faults named as first suspect, 1 of 1 healthy runs called healthy.",
    );
    // Its runs are removed again.
    assertEquals((await Array.fromAsync(Deno.readDir(folder))).length, 0);
  });
});

Deno.test("the museum has a fault of every link", () => {
  for (const link of LINKS) assert(FAULTS.some((fault) => fault.link === link), link);
  assertEquals(new Set(FAULTS.map(({ key }) => key)).size, FAULTS.length);
  assert(FAULTS.length >= 11);
});
