import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import {
  drawProgress,
  loadSamples,
  sampleSteps,
  saveSamples,
  spread,
} from "@course/training/pictures.ts";
import { dropSamplesAfter } from "@course/training/pictures.ts";
import { makeReport, reportTable } from "@course/training/report.ts";
import { reportPage } from "@course/training/report_page.ts";
import type { MetricLine } from "@course/training/metrics.ts";
import { extendConfig } from "@course/training/config.ts";
import { newRun, provenance, tenSteps, withFolder } from "./fixtures.ts";

const bins = [{ from: 0, to: 0.5, loss: 0.3 }, { from: 0.5, to: 1, loss: 0.1 }];
const judged = { value: 0.97, ceiling: 0.99, floor: 0.1 };
const report = makeReport(tenSteps, {
  judgement: { class_accuracy: judged, frechet: judged, mmd: judged, samples: 1000 },
  heldout: { loss: { loss: 0.2, bins }, ceiling: 0.19, floor: 1.9 },
  seconds: 90,
  step: 10,
  parameters: 24_560,
});
const metrics: MetricLine[] = [0, 5, 10].flatMap((step): MetricLine[] => [
  { kind: "heldout", step, loss: 0.2, bins, seconds: step },
  {
    kind: "train",
    step: step + 1,
    loss: 1 / (step + 1),
    learningRate: 0.1,
    gradientNorm: 1,
    seconds: step,
    imagesPerSecond: 10,
  },
]);
const samples = (value: number) => ({
  images: new Float32Array(4 * 4).fill(value),
  count: 4,
  shape: [2, 2, 1] as const,
  columns: 2,
  rows: ["three", "seven"],
});

Deno.test("the report has every number with its ceiling and floor", () => {
  assertEquals(report.class_accuracy, judged);
  assertEquals(report.frechet, judged);
  assertEquals(report.mmd, judged);
  assertEquals(report.heldout_loss, { value: 0.2, ceiling: 0.19, floor: 1.9 });
  assertEquals(report.minutes.value, 1.5);
  assertEquals(report.steps, { value: 10, ceiling: 10, floor: 0 });
});

Deno.test("the table leaves out what was not measured", () => {
  const table = reportTable(report);
  assertMatch(table, /class accuracy +97.0 % +99.0 % +10.0 %/);
  assertMatch(table, /held-out loss +0.2000 +0.1900 +1.9000/);
  assert(!table.includes("diversity"));
});

Deno.test("the page is one file that needs nothing else", () => {
  const page = reportPage({
    report,
    config: extendConfig(tenSteps, { about: { what: 'lines & <script>alert("x")</script>' } }),
    provenance,
    metrics,
    samples: new Uint8Array([1, 2, 3]),
    progress: new Uint8Array([4]),
  });
  assertEquals(page.match(/<div data-figure=/g)!.length, 4);
  assertStringIncludes(page, "data:image/png;base64,AQID");
  assertStringIncludes(page, "97.0 %");
  assertStringIncludes(page, "<code>optimizer.lr</code>");
  assertStringIncludes(page, "versions.deno");
  assertStringIncludes(page, `<td>code</td><td>${provenance.code}</td>`);
  assertStringIncludes(page, "&lt;script&gt;alert(");
  assert(!page.includes("<script>alert"), "text of the config is escaped");
  const addresses = page.match(/(src|href)="[^"]{0,20}/g)!;
  assert(addresses.every((address) => address.startsWith('src="data:')), `${addresses}`);
  for (const image of page.match(/<img[^>]+>/g)!) assertMatch(image, /alt="[^"]{10,}"/);
});

Deno.test("a page of a run without samples or metrics is a page", () => {
  const page = reportPage({ report, config: tenSteps, provenance, metrics: [] });
  assert(!page.includes("<svg") && !page.includes("<img"));
});

Deno.test("samples come back as they were kept, and later ones are dropped on resuming", () =>
  withFolder(async (folder) => {
    const run = await newRun(folder);
    for (const step of [0, 4, 8]) await saveSamples(run, step, samples(step / 8));
    assertEquals(await loadSamples(run, 4), samples(0.5));
    assertEquals(await sampleSteps(run), [0, 4, 8]);
    const png = await drawProgress(run);
    assertEquals([...png!.subarray(1, 4)], [..."PNG"].map((letter) => letter.charCodeAt(0)));
    await dropSamplesAfter(run, 4);
    assertEquals(await sampleSteps(run), [0, 4]);
    const names = await Array.fromAsync(Deno.readDir(`${run.path}/samples`));
    assertEquals(names.length, 4);
  }));

Deno.test("`spread()` keeps the first and the last", () => {
  assertEquals(spread([1, 2, 3], 5), [1, 2, 3]);
  assertEquals(spread([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 3), [0, 5, 10]);
});
