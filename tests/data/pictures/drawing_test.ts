import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  BACKGROUNDS,
  COLOUR_NAMES,
  COLOURS,
  drawPicture,
  NOUNS,
  type PictureFacts,
  type Rgb,
} from "@course/data/pictures/mod.ts";
import { nounNamed } from "@course/data/pictures/nouns.ts";
import { shadesOf, shadesOfColour } from "@course/data/pictures/paint.ts";
import { openAtlas } from "@course/data/pictures/sprites.ts";
import { createRandom } from "@course/random.ts";

/** Artwork of one flat colour. */
const SILHOUETTES = ["heart", "star", "leaf", "snowflake", "key", "anchor", "bell"];

const random = createRandom(3), SIZE = 64;
const atlas = await openAtlas(SIZE);

Deno.test("the mean colour of every painted thing is nearest to the colour it is painted in", async () => {
  for (const { name } of NOUNS) {
    for (const colour of COLOUR_NAMES) {
      const inside = await pixelsOfThing(name, colour), count = inside.length;
      const mean = [0, 1, 2].map((c) => inside.reduce((sum, pixel) => sum + pixel[c]!, 0) / count);
      assertEquals(nearest(mean as unknown as Rgb, COLOURS), colour, `${colour} ${name}`);
    }
  }
});

Deno.test("painted things keep their form: light and dark parts remain", () => {
  for (const { name } of NOUNS) {
    if (SILHOUETTES.includes(name)) continue;
    const { shades, pixels } = atlas.sprite(name, 50);
    const visible = [...shades].filter((_, i) => pixels[i * 4 + 3]! > 200);
    const spread = Math.max(...visible) - Math.min(...visible);
    assert(spread > 20, `${name}: ${spread}`);
  }
});

Deno.test("the background of every picture is nearest to the colour that is stated", async () => {
  for (const background of Object.keys(BACKGROUNDS)) {
    for (let i = 0; i < 10; i++) {
      const image = await drawPicture(factsOf("key", null, "small", background), SIZE, random);
      for (const [x, y] of [[0, 0], [63, 0], [0, 63], [63, 63]] as const) {
        const at = (y * SIZE + x) * 3;
        const corner = [image[at]!, image[at + 1]!, image[at + 2]!] as const;
        assertEquals(nearest(corner, BACKGROUNDS), background);
      }
    }
  }
});

Deno.test("artwork in its own colours stands out from every background that it is drawn on", () => {
  for (const { name, hiddenOn } of NOUNS) {
    const { pixels, width, height } = atlas.sprite(name, 40);
    for (const [background, colour] of Object.entries(BACKGROUNDS)) {
      if (hiddenOn.includes(background)) continue;
      let visible = 0, hidden = 0;
      for (let i = 0; i < width * height; i++) {
        if (pixels[i * 4 + 3]! < 250) continue;
        visible++;
        const pixel = [pixels[i * 4]!, pixels[i * 4 + 1]!, pixels[i * 4 + 2]!] as const;
        if (distance(pixel, colour) < 40) hidden++;
      }
      assert(hidden / visible < 0.55, `${name} on ${background}: ${hidden / visible}`);
    }
  }
});

Deno.test("a sprite's longer side is what was asked, and its opaque share that of the artwork", () => {
  const { pixels: fine } = atlas.sprite("apple", 150);
  for (const side of [9, 20, 33, 52]) {
    const { width, height, pixels } = atlas.sprite("apple", side);
    assertEquals(Math.max(width, height), side);
    assert(Math.abs(opacity(pixels) - opacity(fine)) < 0.02);
  }
});

Deno.test("shades are 128 where most of the artwork is, lighter above, darker below", () => {
  // Nine opaque pixels of grey 100, one of 200, one of 0, and one that is invisible.
  const greys = [100, 100, 100, 100, 100, 100, 100, 100, 100, 200, 0];
  const pixels = Uint8Array.from([...greys.flatMap((grey) => [grey, grey, grey, 255]), 0, 0, 0, 0]);
  const shades = shadesOf(pixels);
  assertEquals(shades[0], 128);
  assert(shades[9]! > 200 && shades[10]! < 60);
  for (const colour of COLOUR_NAMES) {
    const middle = shadesOfColour(colour).slice(128 * 3, 129 * 3);
    assertEquals([...middle], [...COLOURS[colour]!]);
  }
});

Deno.test("unknown nouns and colours are refused by name", () => {
  assertThrows(() => nounNamed("unicorn"), 'There is no noun "unicorn"');
  assertThrows(() => shadesOfColour("mauve"), 'There is no colour "mauve": expected one of red');
});

function factsOf(
  noun: string,
  colour: string | null,
  size: "small" | "large",
  background: string,
): PictureFacts {
  const objects = [{ noun, colour, size, count: 1 }];
  return { stage: "attributes", objects, background, relation: null, stated: [], unseen: false };
}

/** Pixels that are not the background's: drawn large, so that soft edges hardly count. */
async function pixelsOfThing(noun: string, colour: string): Promise<Rgb[]> {
  const background = colour === "white" || colour === "yellow" ? "blue" : "white", size = 128;
  const image = await drawPicture(factsOf(noun, colour, "large", background), size, random);
  const plain = BACKGROUNDS[background]!, pixels: Rgb[] = [];
  for (let i = 0; i < size * size; i++) {
    const pixel = [image[i * 3]!, image[i * 3 + 1]!, image[i * 3 + 2]!] as const;
    if (distance(pixel, plain) > 45) pixels.push(pixel);
  }
  return pixels;
}

function nearest(pixel: Rgb, colours: Readonly<Record<string, Rgb>>): string {
  return Object.entries(colours)
    .map(([name, colour]) => [name, distance(pixel, colour)] as const)
    .reduce((best, one) => one[1] < best[1] ? one : best)[0];
}

function distance(a: Rgb, b: Rgb): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

/** Mean opacity in 0 … 1. */
function opacity(pixels: Uint8Array): number {
  let sum = 0;
  for (let i = 3; i < pixels.length; i += 4) sum += pixels[i]! / 255;
  return sum / (pixels.length / 4);
}
