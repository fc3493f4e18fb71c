import { NOUNS } from "./nouns.ts";
import { shadesOf } from "./paint.ts";

/** A thing's artwork at one size, trimmed to what is visible. */
export interface Sprite {
  width: number;
  height: number;
  /** Own colours, multiplied by the opacity, and the opacity [height, width, 4], 0 … 255. */
  pixels: Uint8Array;
  /** How light each pixel is within the artwork [height, width], 0 … 255: what is kept of it in another colour. */
  shades: Uint8Array;
}

/** Sprites of every noun at any size, for pictures up to one size. */
export interface Atlas {
  /** The artwork so that its longer side has `side` pixels. */
  sprite(noun: string, side: number): Sprite;
}

const ARTWORK = new URL("../../../node_modules/@twemoji/svg/", import.meta.url);
const atlases = new Map<number, Promise<Atlas>>();

/**
 * Rasterises the artwork of all nouns, once a process, finely enough for pictures of this size in pixels.
 *
 * Needs sharp, which is loaded only now.
 */
export function openAtlas(imageSize: number): Promise<Atlas> {
  const resolution = Math.max(160, Math.ceil(imageSize * 1.1 / 64) * 64);
  let atlas = atlases.get(resolution);
  if (!atlas) atlases.set(resolution, atlas = loadAtlas(resolution));
  return atlas;
}

async function loadAtlas(resolution: number): Promise<Atlas> {
  const { default: sharp } = await import("sharp");
  const artworks = new Map<string, Sprite>();
  for (const { name, artwork } of NOUNS) {
    const svg = await Deno.readFile(new URL(`${artwork}.svg`, ARTWORK));
    // The artwork is 36 units wide; density 72 makes one pixel of each.
    const { data, info } = await sharp(svg, { density: 72 * resolution / 36 })
      .ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    artworks.set(name, trim(data, info.width, info.height));
  }
  const sprites = new Map<string, Sprite>();
  return {
    sprite(noun, side) {
      const key = `${noun} ${side}`;
      let sprite = sprites.get(key);
      if (!sprite) sprites.set(key, sprite = shrink(artworks.get(noun)!, side));
      return sprite;
    },
  };
}

/** Multiplies colours by opacity and cuts away what is empty. */
function trim(data: Uint8Array, width: number, height: number): Sprite {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (data[(y * width + x) * 4 + 3]! < 16) continue;
      left = Math.min(left, x), right = Math.max(right, x + 1);
      top = Math.min(top, y), bottom = Math.max(bottom, y + 1);
    }
  }
  const wide = right - left, high = bottom - top;
  const pixels = new Uint8Array(wide * high * 4);
  for (let y = 0; y < high; y++) {
    for (let x = 0; x < wide; x++) {
      const from = ((y + top) * width + x + left) * 4, to = (y * wide + x) * 4;
      const opacity = data[from + 3]!;
      for (let c = 0; c < 3; c++) pixels[to + c] = Math.round(data[from + c]! * opacity / 255);
      pixels[to + 3] = opacity;
    }
  }
  return { width: wide, height: high, pixels, shades: shadesOf(pixels) };
}

/** Averages the artwork over each pixel of the smaller sprite (area sampling). */
function shrink(artwork: Sprite, side: number): Sprite {
  const scale = side / Math.max(artwork.width, artwork.height);
  const width = Math.max(1, Math.round(artwork.width * scale));
  const height = Math.max(1, Math.round(artwork.height * scale));
  const pixels = new Uint8Array(width * height * 4), shades = new Uint8Array(width * height);
  const columns = coverages(artwork.width, width), rows = coverages(artwork.height, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let red = 0, green = 0, blue = 0, opacity = 0, shade = 0;
      for (const [sourceY, high] of rows[y]!) {
        for (const [sourceX, wide] of columns[x]!) {
          const pixel = sourceY * artwork.width + sourceX, weight = high * wide;
          red += weight * artwork.pixels[pixel * 4]!;
          green += weight * artwork.pixels[pixel * 4 + 1]!;
          blue += weight * artwork.pixels[pixel * 4 + 2]!;
          const visible = weight * artwork.pixels[pixel * 4 + 3]!;
          opacity += visible;
          shade += visible * artwork.shades[pixel]!;
        }
      }
      const at = y * width + x;
      pixels.set([red, green, blue, opacity].map(Math.round), at * 4);
      shades[at] = opacity > 0 ? Math.round(shade / opacity) : 0;
    }
  }
  return { width, height, pixels, shades };
}

/** For each of `to` pixels: which of `from` pixels lie under it, and which part of it each makes up. */
function coverages(from: number, to: number): [source: number, weight: number][][] {
  return Array.from({ length: to }, (_, i) => {
    const start = i * from / to, end = (i + 1) * from / to;
    const covered: [number, number][] = [];
    for (let source = Math.floor(start); source < end; source++) {
      const overlap = Math.min(end, source + 1) - Math.max(start, source);
      if (overlap > 1e-9) covered.push([source, overlap / (end - start)]);
    }
    return covered;
  });
}
