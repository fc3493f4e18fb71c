import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Evidence } from "@course/evaluation/diagnose/examine.ts";
import { diagnosisPage } from "@course/evaluation/diagnose/page.ts";
import { diagnosisTable } from "@course/evaluation/diagnose/table.ts";
import { LINKS } from "@course/evaluation/diagnose/links.ts";
import { diagnose } from "@course/evaluation/diagnose/verdict.ts";

const level = {
  correlation: 1,
  slope: 1,
  scale: 1,
  model: 0.1,
  exact: 0.02,
  mean: 1,
  nothing: 0.4,
  other: 0.9,
  wish: 0.5,
  time: 0.2,
};

/** What a healthy system of latents and prompts gives, with some parts changed. */
function evidence(changes: { [K in keyof Evidence]?: Partial<Evidence[K]> } = {}): Evidence {
  const healthy: Evidence = {
    data: {
      examples: 24,
      complete: true,
      duplicates: 0,
      blank: 0,
      mean: 0,
      deviation: 1,
      agreement: { judge: "picture judge", own: 0.9, previous: 0.05, next: 0.05, others: 0.03 },
    },
    decoder: {
      codec_psnr: 27,
      rows_psnr: 27,
      mean: 0,
      deviation: 1,
      correlation: 1,
      slope: 1,
      best_scale: 1,
      best_psnr: 27,
    },
    texts: { own: 1, others: 0.5, distinct: 1, length: 1 },
    wiring: { same_place: 1, places: 16, time: 0.3, wish: 0.3, nothing: 0.3, guidance: 3 },
    sampler: { on_example: 1, distance: 0.01, between: 1, from: 1, to: 0.04, runs: 8, steps: 24 },
    learning: {
      step: 500,
      loss_ratio: 1,
      gradients: { "blocks.0": 1 },
      params_loss: 0.1,
      ema_loss: 0.1,
      growth: 2,
      first: 2,
      last: 0.1,
      rise: 1.1,
      spikes: 0,
      clipped: 0.1,
      falling: 0.99,
      parameters: 1e5,
      parameters_per_number: 10,
      diverged: null,
    },
    field: {
      correlation: 0.98,
      slope: 0.98,
      scale: 1,
      levels: [{ t: 0.3, ...level }, { t: 0.7, ...level }],
      model: 0.1,
      exact: 0.02,
      mean: 1,
      nothing: 0.4,
      other: 0.9,
      excess: 0.08,
    },
    result: { right: 1, samples: 16, chance: 0.05, distance: 0.1, between: 1 },
  };
  const changed = Object.entries(changes).map(([part, values]) => [
    part,
    { ...healthy[part as keyof Evidence], ...values },
  ]);
  return { ...healthy, ...Object.fromEntries(changed) };
}

const suspectOf = (changes: Parameters<typeof evidence>[0]) =>
  diagnose(evidence(changes)).first_suspect;

Deno.test("healthy evidence gives no suspect, and ok for every link", () => {
  const { first_suspect, verdicts } = diagnose(evidence());
  assertEquals(first_suspect, null);
  assertEquals(
    verdicts.map(({ link, status }) => [link, status]),
    LINKS.map((link) => [link, "ok"]),
  );
});

Deno.test("each fault that is tested by itself names its link, whatever it does to the result", () => {
  // A broken link spoils what comes after it.
  const spoiled = { field: { excess: 0.95, correlation: 0.1 }, result: { right: 0.05 } };
  const words = {
    judge: "picture judge" as const,
    own: 0.05,
    previous: 0.04,
    next: 0.9,
    others: 0.04,
  };
  assertEquals(suspectOf({ ...spoiled, data: { agreement: words } }), "data");
  assertEquals(suspectOf({ ...spoiled, decoder: { slope: 4, deviation: 4 } }), "decoder scale");
  assertEquals(suspectOf({ ...spoiled, decoder: { rows_psnr: 9 } }), "decoder scale");
  const rescaled = { best_scale: 4, best_psnr: 27, rows_psnr: 18 };
  assertEquals(suspectOf({ ...spoiled, decoder: rescaled }), "decoder scale");
  assertEquals(suspectOf({ ...spoiled, texts: { own: 0.5 } }), "conditioning");
  assertEquals(suspectOf({ ...spoiled, texts: { distinct: 0.1 } }), "conditioning");
  assertEquals(suspectOf({ ...spoiled, wiring: { same_place: 0.1 } }), "architecture");
  assertEquals(suspectOf({ ...spoiled, wiring: { time: 0 } }), "architecture");
  assertEquals(suspectOf({ ...spoiled, wiring: { wish: 0 } }), "conditioning");
  assertEquals(suspectOf({ ...spoiled, wiring: { guidance: -3 } }), "conditioning");
  assertEquals(suspectOf({ ...spoiled, sampler: { on_example: 0 } }), "sampler");
  assertEquals(suspectOf({ ...spoiled, learning: { loss_ratio: 12 } }), "objective");
  assertEquals(suspectOf({ ...spoiled, learning: { diverged: "it exploded" } }), "training");
  assertEquals(suspectOf({ ...spoiled, learning: { growth: 40 } }), "training");
  assertEquals(suspectOf({ ...spoiled, learning: { ema_loss: 0.9 } }), "training");
});

Deno.test("a velocity of the wrong sign or size is the objective's", () => {
  assertEquals(suspectOf({ field: { correlation: -0.9, slope: -0.9, excess: 5 } }), "objective");
  assertEquals(suspectOf({ field: { correlation: 0.95, slope: 0.5, scale: 0.55 } }), "objective");
  // A small slope alone is what a model gives that knows little.
  assertEquals(suspectOf({ field: { correlation: 0.7, slope: 0.5 } }), null);
});

Deno.test("a poor loss without another reason is the model's size, or the training", () => {
  const poor = { field: { excess: 0.8 }, result: { right: 0.2 } };
  assertEquals(suspectOf({ ...poor, learning: { parameters_per_number: 0.1 } }), "architecture");
  assertEquals(suspectOf(poor), "training");
  // A model of more examples than were looked at need not know them.
  assertEquals(suspectOf({ ...poor, data: { complete: false } }), null);
});

Deno.test("wishes that change nothing in the loss make the conditioning suspect", () => {
  assertEquals(suspectOf({ field: { other: 0.1, model: 0.1 } }), "conditioning");
});

Deno.test("what is broken comes before what is suspect", () => {
  const both = diagnose(evidence({ data: { duplicates: 0.1 }, sampler: { on_example: 0 } }));
  assertEquals(both.findings.map(({ link, status }) => [link, status]), [
    ["sampler", "broken"],
    ["data", "suspect"],
  ]);
});

Deno.test("table and page say the same first suspect, with its numbers", () => {
  const found = evidence({ wiring: { time: 0 } }), diagnosis = diagnose(found);
  assertStringIncludes(diagnosisTable(diagnosis), "First suspect: architecture.");
  const grid = new Uint8Array(4), page = { title: "a <run>", history: [], grid };
  const html = diagnosisPage({ ...page, diagnosis, evidence: found });
  assertStringIncludes(html, "First suspect: architecture.");
  assertStringIncludes(html, "a &lt;run&gt;");
  assertStringIncludes(html, "wiring.same_place");
});
