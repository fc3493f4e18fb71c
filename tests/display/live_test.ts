import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import {
  lineFigure,
  liveDisplay,
  type MediaBundle,
  type NotebookDisplay,
} from "@course/display/mod.ts";

interface Shown {
  bundle: MediaBundle;
  options: { update?: boolean; display_id?: string };
}

/** A notebook that keeps what it is told to show. */
function fakeNotebook(display?: NotebookDisplay["display"]) {
  const shown: Shown[] = [];
  const notebook: NotebookDisplay = {
    async display(bundle, options) {
      await display?.(bundle, options);
      shown.push({ bundle, options });
    },
  };
  return { shown, target: { notebook, write: () => {} } };
}

const words = (text: string) => ({ alt: text, text });
const texts = (shown: Shown[]) => shown.map(({ bundle }) => bundle["text/plain"]);
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

Deno.test("the first state opens a display, and later ones replace its content", async () => {
  const { shown, target } = fakeNotebook();
  const live = liveDisplay({ target, every: 0 });
  for (const state of ["one", "two", "three"]) await live.update(words(state));
  assertEquals(texts(shown), ["one", "two", "three"]);
  assertEquals(shown.map(({ options }) => options.update), [false, true, true]);
  assertEquals(new Set(shown.map(({ options }) => options.display_id)).size, 1);
  const other = liveDisplay({ target });
  await other.update(words("elsewhere"));
  assert(shown[3]!.options.display_id !== shown[0]!.options.display_id);
});

Deno.test("quick updates are held back, and the newest is shown when the time is over", async () => {
  const { shown, target } = fakeNotebook();
  const live = liveDisplay({ target, every: 60 });
  for (let i = 0; i < 50; i++) await live.update(words(`${i}`));
  assertEquals(texts(shown), ["0"]);
  await pause(120);
  assertEquals(texts(shown), ["0", "49"]);
});

Deno.test("the end is shown at once, in full, and nothing comes after it", async () => {
  const { shown, target } = fakeNotebook();
  const live = liveDisplay({ target, every: 50 });
  const chart = lineFigure({
    alt: "A line",
    x: "x",
    y: "y",
    series: [{ name: "a", points: [[0, 1], [1, 2]] }],
  });
  await live.update(words("start"));
  await live.update(chart);
  await live.finish();
  assertEquals(shown.length, 2);
  assertEquals(shown[1]!.bundle["image/svg+xml"], chart.svg);
  assertStringIncludes(shown[1]!.bundle["text/html"]!, "<div data-figure=");
  await pause(80);
  assertEquals(shown.length, 2);
});

Deno.test("until then a state comes in one form, and does not watch the page", async () => {
  const { shown, target } = fakeNotebook();
  const chart = lineFigure({
    alt: "A line",
    x: "x",
    y: "y",
    series: [{ name: "a", points: [[0, 1], [1, 2]] }],
  });
  await liveDisplay({ target }).update(chart, words("below"));
  const { bundle } = shown[0]!;
  assertEquals(Object.keys(bundle), ["text/html", "text/plain"]);
  assertStringIncludes(bundle["text/html"]!, "<div data-passing data-figure=");
  assertStringIncludes(bundle["text/html"]!, "below");
});

Deno.test("a figure that is never shown is never drawn", async () => {
  const { shown, target } = fakeNotebook();
  const live = liveDisplay({ target, every: 10_000 });
  let drawn = 0;
  for (let i = 0; i < 20; i++) {
    await live.update(() => {
      drawn++;
      return words(`${i}`);
    });
  }
  await live.finish();
  assertEquals(drawn, 2);
  assertEquals(texts(shown), ["0", "19\n19"]);
});

Deno.test("the last state may be given to the end", async () => {
  const { shown, target } = fakeNotebook();
  const live = liveDisplay({ target });
  await live.update(words("one"));
  await live.finish(words("two"));
  assertEquals(texts(shown), ["one", "two\ntwo"]);
});

Deno.test("a slow notebook gets states in order", async () => {
  const { shown, target } = fakeNotebook(() => pause(15));
  const live = liveDisplay({ target, every: 0 });
  const updates = ["one", "two", "three"].map((state) => live.update(words(state)));
  await Promise.all(updates);
  await live.finish();
  const order = texts(shown).map((text) => text!.split("\n")[0]);
  assertEquals(order.at(-1), "three");
  assertEquals(
    [...order],
    order.toSorted((a, b) =>
      ["one", "two", "three"].indexOf(a!) - ["one", "two", "three"].indexOf(b!)
    ),
  );
});

Deno.test("a display that fails is told to who updates, and the next state is tried again", async () => {
  let broken = true;
  const { shown, target } = fakeNotebook(() =>
    broken ? Promise.reject(new Error("gone")) : Promise.resolve()
  );
  const live = liveDisplay({ target, every: 0 });
  await assertRejects(() => live.update(words("one")), "gone");
  broken = false;
  await live.update(words("two"));
  assertEquals(texts(shown), ["two"]);
});

Deno.test("a terminal is written over, line for line", async () => {
  let text = "";
  const target = {
    screen: { columns: 80, colours: false },
    write: (more: string) => void (text += more),
  };
  const live = liveDisplay({ target, every: 0 });
  await live.update({ alt: "alt", text: "a\nb" });
  await live.update({ alt: "alt", text: "c" });
  await live.update({ alt: "alt", text: "d" });
  assertEquals(text, "a\nb\nalt\n\x1b[3F\x1b[Jc\nalt\n\x1b[2F\x1b[Jd\nalt\n");
});

Deno.test("a log gets the first and the last state, without control characters", async () => {
  let text = "";
  const live = liveDisplay({ target: { write: (more) => void (text += more) } });
  for (let i = 0; i < 9; i++) await live.update({ alt: `alt ${i}`, text: `text ${i}` });
  await live.finish();
  assertEquals(text, "alt 0\ntext 0\nalt 8\ntext 8\n");
});

Deno.test("a state higher than the terminal is cut, so that it can be written over", async () => {
  let text = "";
  const screen = { columns: 4, rows: 6, colours: false };
  const live = liveDisplay({ target: { screen, write: (more) => void (text += more) }, every: 0 });
  await live.update({ alt: "123456789", text: "a\nb\nc\nd\ne" });
  await live.update({ alt: "", text: "f" });
  assertEquals(text, "c\nd\ne\n123456789\n\x1b[6F\x1b[Jf\n\n");
});
