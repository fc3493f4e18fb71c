import { assertAllClose, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  brokenLinksExercise,
  fingerprint,
} from "@course/course/exercises/07_overfit/broken_links.ts";
import { foldFigure } from "@course/course/fold_figure.ts";
import { openOverfitProbe } from "@course/course/overfit_probe.ts";
import { openPatients, PATIENTS, truthAbout } from "@course/course/patients.ts";
import { callInProcess } from "@course/course/call_in_process.ts";
import { runChecks } from "@course/course/run_checks.ts";
import { knownSubject } from "../evaluation/diagnose/known_subject.ts";
import { cpu, withFolder } from "../training/fixtures.ts";

Deno.test("exercise 7.6 expects what is planted, and its text does not say it", async () => {
  const truth = Object.fromEntries(PATIENTS.map((letter) => [letter, truthAbout(letter).link]));
  const report = await runChecks(brokenLinksExercise, callInProcess(() => truth));
  assertEquals(report.passed, true);
  const wrong = { ...truth, A: truth.A === "data" ? "none" : "data" };
  const { results } = await runChecks(brokenLinksExercise, callInProcess(() => wrong));
  assertStringIncludes(results.at(-1)!.message, "6 of 7 are right: look again at A");
  assertEquals(fingerprint("A: data") === fingerprint("B: data"), false);
});

Deno.test("six different links are planted, and one system is healthy", () => {
  assertEquals(PATIENTS, [..."ABCDEFG"]);
  const links = PATIENTS.map((letter) => truthAbout(letter).link);
  assertEquals(new Set(links).size, 7);
  assertEquals(links.filter((link) => link === "none").length, 1);
  assertThrows(() => truthAbout("H"), 'There is no system "H"');
});

Deno.test("a probe of a system in which everything is known says its exact velocities", async () => {
  const probe = openOverfitProbe(cpu, knownSubject());
  try {
    assertEquals(probe.examples.shape, [4, 64]);
    const points = probe.points([2, 0], [0.5, 0.9]);
    const velocity = await probe.velocity(points, { wish: [2, 0] });
    // One example for each wish: the way is straight.
    assertAllClose(velocity.data as Float32Array, points.target.data as Float32Array, 1e-4);
    const { asked, drawn } = await probe.draw(4);
    assertEquals(asked, [0, 1, 2, 3]);
    assertAllClose(drawn.data as Float32Array, probe.examples.data as Float32Array, 1e-3);
    const { count, height, width, channels } = await probe.pictures(drawn);
    assertEquals([count, height, width, channels], [4, 8, 8, 1]);
  } finally {
    await probe.dispose();
  }
});

Deno.test("a folded figure shows its line and keeps what is inside it", () => {
  const { html, text } = foldFigure("Look <here>", { alt: "a", text: "b", html: "<b>inside</b>" });
  assertStringIncludes(html!, "Look &lt;here&gt;</summary>");
  assertStringIncludes(html!, "<b>inside</b>");
  assertEquals(text, "(folded)");
});

Deno.test("patients whose fault lies outside of training share one", () =>
  withFolder(async (folder) => {
    const begun: string[] = [];
    const watch = {
      view(name: string) {
        return {
          begin: () => Promise.resolve(void begun.push(name)),
          end: () => Promise.resolve(),
        };
      },
      finish: () => Promise.resolve(),
    };
    const letters = PATIENTS.filter((letter) =>
      ["none", "sampler", "decoder scale"].includes(truthAbout(letter).link)
    );
    const { patients, dispose } = await openPatients(cpu, { steps: 1, letters, folder, watch });
    assertEquals(begun.length, 1);
    assertEquals(patients.map(({ letter }) => letter), letters);
    const [first, second] = patients.map(({ subject }) => subject);
    assertEquals(first!.weights, second!.weights);
    assertEquals(first!.step, 1);
    await dispose();
  }));
