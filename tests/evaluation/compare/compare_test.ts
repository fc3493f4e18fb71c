import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  checkComparable,
  type CompareFolder,
  configOf,
  differencesOf,
  measureSpeed,
  openComparison,
  runPathOf,
  runSeeds,
  SIDES,
  writeComparison,
} from "@course/evaluation/compare/mod.ts";
import { comparisonTable } from "@course/evaluation/compare/table.ts";
import { readMetrics } from "@course/training/metrics.ts";
import { extendConfig, type TrainConfig } from "@course/training/config.ts";
import smoke from "../../../configs/smoke.ts";
import { cpu, withFolder } from "../../training/fixtures.ts";

const a: TrainConfig = extendConfig(smoke, {
  name: "few",
  data: { size: 40 },
  model: { kind: "dit", width: 16, depth: 2, heads: 2, patch: 7 },
  steps: 6,
  batchSize: 4,
  every: { log: 1, heldout: 2, samples: -1, checkpoint: 2 },
  heldout: { images: 16, bins: 2 },
});
const b = {
  ...a,
  name: "lite",
  objective: { ...a.objective, selfFlow: { kind: "lite" as const } },
};
const plan = { names: { a: "few", b: "lite" }, configs: { a, b }, seeds: [0, 1] };

const numberOf = (text: string) => JSON.parse(text) as Record<string, unknown>;

async function open(root: string, seeds = plan.seeds): Promise<CompareFolder> {
  return await openComparison(`${root}/comparison`, { ...plan, seeds });
}

Deno.test("a comparison runs every seed on both sides, goes on where it was stopped, and repeats nothing", () =>
  withFolder(async (root) => {
    const folder = await open(root), stop = new AbortController();
    let steps = 0;
    const half = await runSeeds(folder, cpu, {
      stop: stop.signal,
      watch: { onStep: () => ++steps === 9 && stop.abort() },
    });
    assertEquals([half, steps], [false, 9]);

    const later: string[] = [];
    const again = await open(root);
    const done = await runSeeds(again, cpu, {
      onRun: ({ side, seed }) => later.push(`${side}${seed}`),
      watch: { onStep: () => steps++ },
    });
    // The sides take turns in going first; the first run was finished, the second one interrupted.
    assertEquals([done, later, steps], [true, ["b0", "b1", "a1"], 24]);
    assert(await runSeeds(again, cpu, { onRun: () => assert(false, "nothing is left to run") }));

    const comparison = await writeComparison(again);
    assertEquals(comparison.seeds, [0, 1]);
    assertEquals(comparison.differences.map(({ name }) => name), ["objective.selfFlow.kind"]);
    const measured = comparison.measures.map(({ key }) => key);
    assertEquals(measured, ["heldout_loss", "heldout_loss 0–0.5", "heldout_loss 0.5–1"]);
    assertEquals(comparison.curves.a.map(({ step }) => step), [0, 2, 4, 6]);
    for (const side of SIDES) {
      for (const [i, seed] of [0, 1].entries()) {
        const report = numberOf(
          await Deno.readTextFile(`${runPathOf(again, side, seed)}/report.json`),
        );
        const { value } = report.heldout_loss as { value: number };
        assertEquals(comparison.measures[0]![side].values[i], value);
      }
    }
    const kept = numberOf(await Deno.readTextFile(`${root}/comparison/comparison.json`));
    assertEquals(kept.seeds, [0, 1]);
    const table = comparisonTable(comparison);
    assertStringIncludes(table, "few (A) against lite (B), 2 seeds");
    assertStringIncludes(table, "objective.selfFlow.kind: – → lite");
    const page = await Deno.readTextFile(`${root}/comparison/comparison.html`);
    assertStringIncludes(page, "Held-out loss by noise level");
    assert(!/(src|href)="(?!data:)/.test(page), "the page holds all it needs");

    const more = await open(root, [0, 1, 2]);
    assertEquals(more.plan.seeds, [0, 1, 2]);
    const waiting = await writeComparison(more);
    assertEquals([waiting.seeds, waiting.planned], [[0, 1], [0, 1, 2]]);
  }));

Deno.test("both sides of a seed have the loss of the same untrained model on the same held-out noise", () =>
  withFolder(async (root) => {
    const folder = await open(root, [3]);
    await runSeeds(folder, cpu);
    const [first, second] = await Promise.all(SIDES.map(async (side) => {
      const lines = await readMetrics(`${runPathOf(folder, side, 3)}/metrics.jsonl`);
      return lines.filter((line) => line.kind === "heldout").map(({ loss, bins }) => ({
        loss,
        bins,
      }));
    }));
    assertEquals(first![0], second![0]);
    assert(first!.at(-1)!.loss !== second!.at(-1)!.loss, "and they learn differently");
    assertEquals(configOf(folder, "a", 3).seed, 3);
  }));

Deno.test("speed is a ratio of updates taken in turns", () =>
  withFolder(async (root) => {
    const folder = await open(root);
    // A clock by which every update takes one second longer than the one before it.
    let reading = 0, took = 0, inside = false;
    const now = () => {
      inside = !inside;
      if (!inside) reading += 1000 * ++took;
      return reading;
    };
    const { a, b, ratio, pairs } = await measureSpeed(folder, cpu, { pairs: 8, now });
    assertEquals(pairs, 8);
    // Updates 7 … 22 counted, A first, then B first: A has 8, 9, 12, 13, 16, 17, 20, 21 and B the others.
    assertEquals([a, b], [1 / 14.5, 1 / 14.5]);
    assert(ratio.low < 1 && ratio.high > 1 && Math.abs(ratio.median - 1) < 0.08);
  }));

Deno.test("what is not judged on the same, or does not differ, is no comparison", () => {
  checkComparable(a, b);
  assertThrows(
    () => checkComparable(a, { ...a, name: "other", seed: 4 }),
    "both configs are the same",
  );
  assertThrows(
    () => checkComparable(a, { ...b, heldout: { images: 32, bins: 2 } }),
    "heldout.images is 16 for A and 32 for B",
  );
  assertEquals(differencesOf(a, { ...a, steps: 7 }), [{ name: "steps", a: "6", b: "7" }]);
});

Deno.test("a folder goes on with its own comparison only", () =>
  withFolder(async (root) => {
    await open(root);
    const other = { ...plan, configs: { a, b: { ...b, steps: 7 } } };
    await assertRejects(
      () => openComparison(`${root}/comparison`, other),
      "it compares something else (steps of B was 6, now 7)",
    );
    await assertRejects(async () => await writeComparison(await open(root)), "No seed of");
  }));
