import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { barFigure } from "@course/display/mod.ts";
import { all, parsed, wordsIn } from "./parsed.ts";

const alt = "Bars";

function barsIn(svg: string | undefined) {
  return all(parsed(svg), "[data-tip]").map((bar) => {
    const rect = bar.querySelector("rect");
    const number = (name: string) => Number(rect?.getAttribute(name) ?? 0);
    return {
      tip: bar.getAttribute("data-tip"),
      left: number("x"),
      right: number("x") + number("width"),
      top: number("y"),
      height: number("height"),
      colour: rect?.getAttribute("fill"),
      whiskers: all(bar, "path").length,
    };
  });
}

Deno.test("bars are as long as their values and stand on one line", () => {
  const values = [1, 2, 4];
  const bars = barsIn(
    barFigure({ alt, y: "y", bars: values.map((value, i) => ({ name: `${i}`, value })) }).svg,
  );
  for (const [i, bar] of bars.entries()) {
    assertAlmostEquals(bar.height / bars[0]!.height, values[i]!, 0.01);
    assertAlmostEquals(bar.top + bar.height, bars[0]!.top + bars[0]!.height, 0.02);
    if (i > 0) assert(bar.left > bars[i - 1]!.right, "no bar covers another");
  }
});

Deno.test("bars of one name stand side by side in the colours of their groups", () => {
  const bars = ["a", "b"].flatMap((name) =>
    ["one", "two"].map((group) => ({ name, group, value: 1, low: 0.5, high: 2 }))
  );
  const figure = barFigure({ alt, y: "y", bars }), drawn = barsIn(figure.svg);
  assertEquals(drawn.map(({ colour }) => colour === drawn[0]!.colour), [true, false, true, false]);
  const gap = (i: number) => drawn[i + 1]!.left - drawn[i]!.right;
  assert(gap(1) > 2 * gap(0), "groups are apart");
  assertEquals(drawn.map(({ whiskers }) => whiskers), [2, 2, 2, 2]);
  assertEquals(drawn[1]!.tip, "a, two|1 (0.5 to 2)");
  assertEquals(
    all(parsed(figure.svg), "[data-key]").map((key) => key.textContent),
    ["one", "two"],
  );
});

Deno.test("values below zero hang down, and unknown ones have no bar", () => {
  const figure = barFigure({
    alt,
    y: "y",
    bars: [{ name: "up", value: 2 }, { name: "down", value: -1 }, { name: "none", value: NaN }],
  });
  const [up, down, none] = barsIn(figure.svg);
  assertAlmostEquals(up!.top + up!.height, down!.top, 0.02);
  assertEquals(none!.height, 0);
  assert(wordsIn(figure.svg).includes("none"));
  assertEquals(figure.text, "y\nup: 2\ndown: −1\nnone: not known");
});

Deno.test("long names are broken or slanted, and stay in the picture", () => {
  const broken = barFigure({
    alt,
    y: "y",
    bars: [{ name: "one two three four five six seven", value: 1 }, { name: "b", value: 1 }],
  });
  assert(!wordsIn(broken.svg).includes("one two three four five six seven"));
  const names = Array.from({ length: 12 }, (_, i) => `unbreakablename${i}`);
  const slanted = barFigure({ alt, y: "y", bars: names.map((name) => ({ name, value: 1 })) });
  const text = all(parsed(slanted.svg), "text").find((word) => word.textContent === names[3]);
  assert(text!.getAttribute("transform")!.startsWith("rotate(-40"));
});

Deno.test("bars that cannot be are refused", () => {
  assertThrows(() => barFigure({ alt, y: "y", bars: [] }), "without a bar");
  assertThrows(
    () => barFigure({ alt, y: "y", bars: [{ name: "a", value: NaN }] }),
    "without a bar of finite value",
  );
  assertThrows(
    () => barFigure({ alt, y: "y", bars: [{ name: "a", value: 3, low: 1, high: 2 }] }),
    'bar "a": its value 3 is not between low 1 and high 2',
  );
});
