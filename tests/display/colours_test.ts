import { assert, assertEquals } from "@std/assert";
import { type Colour, colourOf, INK, inkOn, ON_DARK, ramp } from "@course/display/colours.ts";

const parse = (hex: string) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
const linear = (value: number) =>
  value <= 0.04045 * 255 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;

function luminance(colour: readonly number[]): number {
  const [red, green, blue] = colour.map(linear);
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

/** Contrast of WCAG 2. */
function contrast(a: readonly number[], b: readonly number[]): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high! + 0.05) / (low! + 0.05);
}

/** How a colour is seen without one kind of cone (Machado, Oliveira & Fernandes 2009, severity 1). */
const CONES = {
  all: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  "no red": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
  "no green": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
  "no blue": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
};

/** Lightness and colour as evenly as they are seen (CIE L*a*b*, D65). */
function lab(colour: readonly number[], cones: readonly (readonly number[])[]): number[] {
  const seen = colour.map(linear);
  const [r, g, b] = cones.map((row) => row.reduce((sum, weight, i) => sum + weight * seen[i]!, 0));
  const f = (value: number) => value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116;
  const x = f((0.4124 * r! + 0.3576 * g! + 0.1805 * b!) / 0.9505);
  const y = f(0.2126 * r! + 0.7152 * g! + 0.0722 * b!);
  const z = f((0.0193 * r! + 0.1192 * g! + 0.9505 * b!) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function difference(a: readonly number[], b: readonly number[]): number {
  return Math.hypot(...a.map((value, i) => value - b[i]!));
}

const papers = [
  { page: "light", paper: INK.paper, shown: (colour: string) => colour },
  { page: "dark", paper: ON_DARK[INK.paper]!, shown: (colour: string) => ON_DARK[colour]! },
];

for (const { page, paper, shown } of papers) {
  Deno.test(`on ${page} paper words and lines can be read`, () => {
    for (const ink of [INK.text, INK.faint]) {
      assert(contrast(parse(shown(ink)), parse(paper)) >= 4.5, ink);
    }
    for (let i = 0; i < 6; i++) {
      assert(contrast(parse(shown(colourOf(i, 6))), parse(paper)) >= 3, colourOf(i, 6));
    }
  });

  for (const [eye, cones] of Object.entries(CONES)) {
    Deno.test(`on ${page} paper lines are told apart by ${eye === "all" ? "all cones" : eye}`, () => {
      const seen = Array.from({ length: 6 }, (_, i) => lab(parse(shown(colourOf(i, 6))), cones));
      seen.forEach((a, i) =>
        seen.slice(i + 1).forEach((b, j) => {
          assert(difference(a, b) > 20, `${i} and ${i + 1 + j} differ by ${difference(a, b)}`);
        })
      );
    });
  }
}

Deno.test("the sequential scale rises evenly in lightness, for all eyes", () => {
  for (const cones of [CONES.all, CONES["no red"], CONES["no green"]]) {
    const light = Array.from({ length: 21 }, (_, i) => lab(ramp("sequential", i / 20), cones)[0]!);
    for (let i = 1; i < light.length; i++) {
      const step = light[i]! - light[i - 1]!;
      assert(step > 1 && step < 8, `from ${(i - 1) / 20} lightness rises by ${step}`);
    }
  }
});

Deno.test("the diverging scale is lightest at its middle, and both its sides are told apart", () => {
  const at = (share: number) => lab(ramp("diverging", share), CONES.all)[0]!;
  for (const share of [0, 0.1, 0.2, 0.3, 0.4]) {
    assert(at(share) < at(share + 0.1) && at(1 - share) < at(0.9 - share));
  }
  for (const cones of Object.values(CONES)) {
    assert(
      difference(lab(ramp("diverging", 0.15), cones), lab(ramp("diverging", 0.85), cones)) > 40,
    );
  }
});

Deno.test("numbers can be read on every colour of both scales", () => {
  for (const scale of ["sequential", "diverging"] as const) {
    for (let share = 0; share <= 1; share += 0.01) {
      const colour: Colour = ramp(scale, share);
      assert(contrast(parse(inkOn(colour)), colour) >= 4, `${scale} at ${share}`);
    }
  }
});

Deno.test("steps of one quantity are a ramp, single things and kinds are not", () => {
  assertEquals(colourOf(0, 1, true), colourOf(0, 1));
  const ordered = Array.from({ length: 5 }, (_, i) => colourOf(i, 5, true));
  assertEquals(new Set(ordered).size, 5);
  assert(ordered.every((colour) => colour in ON_DARK));
});
