import type { Random } from "../../random.ts";
import { BACKGROUNDS } from "./colours.ts";
import type { PictureFacts } from "./facts.ts";
import { layOut, type Place } from "./layout.ts";
import { shadesOfColour } from "./paint.ts";
import type { Atlas, Sprite } from "./sprites.ts";

/** Draws what the facts say, at random within it, into an image [size, size, 3] of bytes. */
export function compose(
  facts: PictureFacts,
  size: number,
  random: Random,
  atlas: Atlas,
  image: Uint8Array,
): void {
  drawBackground(facts.background, size, random, image);
  for (const place of layOut(facts, random)) {
    const side = Math.floor(place.side * size);
    drawSprite(atlas.sprite(place.object.noun, side), place, size, image);
  }
}

/** The colour, a little lighter or darker as a whole, and a little darker towards one side. */
function drawBackground(name: string, size: number, random: Random, image: Uint8Array): void {
  const colour = BACKGROUNDS[name];
  if (!colour) {
    throw new RangeError(
      `There is no background "${name}": expected one of ${Object.keys(BACKGROUNDS).join(", ")}`,
    );
  }
  const angle = 2 * Math.PI * random.uniform(), strength = 9 * random.uniform() / size;
  const across = strength * Math.cos(angle), down = strength * Math.sin(angle);
  const [red, green, blue] = colour.map((value) => value + 6 * (random.uniform() - 0.5)) as [
    number,
    number,
    number,
  ];
  let to = 0;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const light = across * (x - size / 2) + down * (y - size / 2) + 0.5;
      image[to++] = byte(red + light);
      image[to++] = byte(green + light);
      image[to++] = byte(blue + light);
    }
  }
}

function drawSprite(
  { width, height, pixels, shades }: Sprite,
  { object, x, y }: Place,
  size: number,
  image: Uint8Array,
): void {
  const left = within(Math.round(x * size - width / 2), size - width);
  const top = within(Math.round(y * size - height / 2), size - height);
  const paints = object.colour === null ? null : shadesOfColour(object.colour);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const from = row * width + column;
      const opacity = pixels[from * 4 + 3]!;
      if (opacity === 0) continue;
      const to = ((top + row) * size + left + column) * 3, rest = 255 - opacity;
      for (let c = 0; c < 3; c++) {
        const own = paints ? paints[shades[from]! * 3 + c]! * opacity / 255 : pixels[from * 4 + c]!;
        image[to + c] = own + image[to + c]! * rest / 255 + 0.5;
      }
    }
  }
}

function within(value: number, most: number): number {
  return Math.max(0, Math.min(most, value));
}

function byte(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}
