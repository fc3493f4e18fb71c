import { assert, assertEquals, assertMatch } from "@std/assert";
import { createProgress, duration } from "@course/display/progress_line.ts";

function watched(terminal: boolean, steps: number, msPerStep = 1000) {
  let text = "", time = 0;
  const output = { write: (more: string) => void (text += more), terminal, columns: 100 };
  const progress = createProgress(steps, output, () => time);
  return {
    progress,
    step(step: number, loss = 0.5) {
      time += msPerStep;
      progress.onStep({ step, loss, imagesPerSecond: 640 });
    },
    text: () => text,
  };
}

Deno.test("a terminal gets one line that is written over", () => {
  const { progress, step, text } = watched(true, 100);
  step(1);
  progress.onHeldout({ step: 1, loss: { loss: 0.25 } });
  step(2);
  step(50);
  const lines = text().split("\r").slice(1);
  assertEquals(lines.length, 3);
  assertEquals(lines[0], "░░░░░░░░░░░░   1/100  loss 0.500  640 images/s\x1b[K");
  assert(
    lines[2]!.startsWith(
      "██████░░░░░░  50/100  loss 0.500  held-out 0.250  640 images/s  0:02 left",
    ),
  );
  progress.pause();
  progress.pause();
  assert(text().endsWith("\x1b[K\n"));
});

Deno.test("a terminal is not written to more than ten times a second", () => {
  const { step, text } = watched(true, 1000, 1);
  for (let i = 1; i <= 1000; i++) step(i);
  assertEquals(text().split("\r").length - 1 <= 12, true);
  assertMatch(text(), /1000\/1000/);
});

Deno.test("anything else gets some twenty lines", () => {
  const { step, text } = watched(false, 1000);
  for (let i = 1; i <= 1000; i++) step(i);
  const lines = text().trimEnd().split("\n");
  assertEquals(lines.length, 21);
  assert(lines.every((line) => !line.includes("\x1b") && line.length < 100));
});

Deno.test("a resumed run guesses the time left from its own steps", () => {
  const { step, text } = watched(false, 100, 2000);
  for (let i = 81; i <= 100; i++) step(i);
  assertMatch(text(), / 85\/100 .* 0:30 left/);
});

Deno.test("`duration()` writes minutes, and hours where there are some", () => {
  assertEquals([0, 59.6, 125, 3725].map(duration), ["0:00", "1:00", "2:05", "1:02:05"]);
});
