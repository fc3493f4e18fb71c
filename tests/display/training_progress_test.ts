import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { stillPicture } from "./parsed.ts";
import { imageFigure, type MediaBundle, trainingProgress } from "@course/display/mod.ts";

/** A notebook's last state, and a clock that only moves with the steps. */
function watched(steps: number) {
  const shown: { bundle: MediaBundle; update: boolean | undefined }[] = [];
  let time = 0;
  const progress = trainingProgress(steps, {
    title: "digits & more",
    every: 0,
    now: () => time,
    target: {
      write: () => {},
      notebook: {
        display(bundle, { update }) {
          shown.push({ bundle, update });
          return Promise.resolve();
        },
      },
    },
  });
  return {
    progress,
    shown,
    html: () => shown.at(-1)?.bundle["text/html"] ?? "",
    async step(step: number, loss: number, ms = 1000) {
      time += ms;
      progress.onStep({ step, loss, imagesPerSecond: 1234.5 });
      await new Promise((resolve) => setTimeout(resolve, 0));
    },
  };
}

/** Facts as they stand above the chart. */
function facts(html: string): string {
  return /<span[^>]*>([^<]*)<\/span>/.exec(html)?.[1] ?? "";
}

const samples = await imageFigure(
  { data: new Uint8Array(4), count: 1, height: 2, width: 2, channels: 1 },
  { alt: "One sample" },
);

Deno.test("a notebook shows bar, step, loss, speed, time left and the curve, in one place", async () => {
  const { progress, step, shown, html } = watched(2000);
  for (let i = 1; i <= 100; i++) await step(i, 1);
  assertEquals(facts(html()), "step 100 of 2,000 · loss 1.000 · 1,235 images/s · 31:40 left");
  assertMatch(html(), /<progress max="2000" value="100"/);
  assertStringIncludes(html(), "<b>digits &amp; more</b>");
  assertStringIncludes(html(), "data-figure");
  assertEquals(shown.filter(({ update }) => !update).length, 1);
  progress.onHeldout({ step: 100, loss: { loss: 0.5 } });
  progress.showSamples(samples);
  await step(101, 1);
  assertStringIncludes(facts(html()), "held-out 0.500");
  assertStringIncludes(html(), 'alt="One sample"');
});

Deno.test("the loss is a mean of about twenty steps, also where only some of them are told", async () => {
  const each = watched(1000), some = watched(1000);
  for (let i = 1; i <= 400; i++) {
    await each.step(i, i <= 200 ? 1 : 0);
    if (i % 10 === 0) await some.step(i, i <= 200 ? 1 : 0);
  }
  const loss = (html: string) => Number(/loss ([\d.]+)/.exec(facts(html))![1]);
  assert(loss(each.html()) < 0.001);
  assert(loss(some.html()) < 0.001);
});

Deno.test("the end is complete: no bar, a sentence, the picture and the words", async () => {
  const { progress, step, shown } = watched(10);
  for (let i = 1; i <= 7; i++) await step(i, 1 / i);
  progress.showSamples(samples);
  await progress.finish("stopped at step 7");
  const { bundle, update } = shown.at(-1)!;
  assert(update);
  assert(!bundle["text/html"]!.includes("<progress"));
  assert(facts(bundle["text/html"]!).startsWith("stopped at step 7 · loss "));
  assert(bundle["image/svg+xml"]!.startsWith("<svg"));
  assertStringIncludes(bundle["text/plain"]!, "digits & more: stopped at step 7");
  assert(JSON.stringify(bundle).length < 60_000);
});

Deno.test("a run that goes on shows the curve from its start, and guesses time from now", async () => {
  const { progress, step, html } = watched(100);
  for (let i = 1; i <= 80; i++) progress.before({ step: i, loss: 2 });
  await step(81, 2, 5000);
  await step(82, 2);
  assertMatch(facts(html()), /· 0:18 left$/);
  assertStringIncludes(stillPicture(html()), 'data-x="1 82 "');
});

Deno.test("long runs stay small", async () => {
  const { progress, shown } = watched(50_000);
  for (let i = 1; i <= 50_000; i++) {
    progress.onStep({ step: i, loss: 1 + Math.sin(i), imagesPerSecond: 1 });
  }
  await progress.finish();
  assert(shown.at(-1)!.bundle["text/html"]!.length < 45_000);
  assertStringIncludes(facts(shown.at(-1)!.bundle["text/html"]!), "50,000 of 50,000 steps in 0:00");
});

Deno.test("a run that ends before its first step has an end too", async () => {
  const { progress, shown } = watched(10);
  await progress.finish("nothing to do");
  assertEquals(shown.at(-1)!.bundle["text/plain"]!.split("\n")[0], "digits & more: nothing to do");
});

Deno.test("a number of steps that cannot be is refused", () => {
  assertThrows(() => trainingProgress(0), "Cannot follow 0 steps");
});

Deno.test("a terminal gets one line, then curve and samples; a log gets no control characters", async () => {
  for (const screen of [{ columns: 100, colours: false }, undefined]) {
    let text = "", time = 0;
    const target = { ...(screen && { screen }), write: (more: string) => void (text += more) };
    const progress = trainingProgress(100, { title: "digits", target, now: () => time });
    for (let step = 1; step <= 100; step++) {
      time += 1000;
      progress.onStep({ step, loss: 1 / step, imagesPerSecond: 10 });
    }
    progress.showSamples(samples);
    await progress.finish();
    assertEquals(text.includes("\r"), screen !== undefined);
    assertEquals(/[\u2801-\u28ff]/.test(text), screen !== undefined);
    assertStringIncludes(text, "100/100");
    assertStringIncludes(text, "digits: 100 of 100 steps in 1:39 · loss ");
  }
});
