import type { Random } from "../random.ts";

/** How much images are changed: each number is drawn anew for every image. */
export interface Augmentation {
  /** Largest rotation, in degrees. */
  rotation: number;
  /** Largest relative change of height and width, each for itself. */
  scale: number;
  /** Largest slant, as sideways pixels per pixel of height. */
  shear: number;
  /** Largest shift, in pixels. */
  shift: number;
  /** Largest change of the ink threshold on the scale of [−1, 1]: strokes become thicker or thinner. */
  stroke: number;
  /** Largest standard deviation of the noise on every pixel. */
  noise: number;
}

/** Enough that clean and slightly imperfect images are read alike, without turning one digit into another. */
export const AUGMENTATION: Augmentation = {
  rotation: 8,
  scale: 0.1,
  shear: 0.1,
  shift: 1.5,
  stroke: 0.2,
  noise: 0.1,
};

/**
 * A changed copy of square grey images `[B, size, size, 1]` in [−1, 1]: turned, scaled, slanted and shifted (with
 * bilinear interpolation, −1 outside), with other stroke widths and noise.
 */
export function augment(
  images: Float32Array,
  size: number,
  random: Random,
  amounts: Augmentation = AUGMENTATION,
): Float32Array<ArrayBuffer> {
  const changed = new Float32Array(images.length), pixels = size * size;
  for (let start = 0; start < images.length; start += pixels) {
    const image = images.subarray(start, start + pixels);
    const target = changed.subarray(start, start + pixels);
    warp(image, target, size, drawTransform(random, amounts));
    roughen(target, random, amounts);
  }
  return changed;
}

/** Where the pixel at (x, y) from the centre comes from: (a x + b y + dx, c x + d y + dy). */
interface Transform {
  a: number;
  b: number;
  c: number;
  d: number;
  dx: number;
  dy: number;
}

function drawTransform(random: Random, amounts: Augmentation): Transform {
  const within = (limit: number) => limit * (2 * random.uniform() - 1);
  const angle = within(amounts.rotation) * Math.PI / 180;
  const scaleX = 1 + within(amounts.scale), scaleY = 1 + within(amounts.scale);
  const shear = within(amounts.shear);
  const cos = Math.cos(angle), sin = Math.sin(angle);
  return {
    a: cos * scaleX,
    b: cos * shear - sin * scaleY,
    c: sin * scaleX,
    d: sin * shear + cos * scaleY,
    dx: within(amounts.shift),
    dy: within(amounts.shift),
  };
}

function warp(
  image: Float32Array,
  target: Float32Array,
  size: number,
  { a, b, c, d, dx, dy }: Transform,
): void {
  const centre = (size - 1) / 2;
  const at = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < size && y < size ? image[y * size + x]! : -1;
  for (let row = 0, i = 0; row < size; row++) {
    for (let column = 0; column < size; column++, i++) {
      const u = column - centre, v = row - centre;
      const x = a * u + b * v + dx + centre, y = c * u + d * v + dy + centre;
      const left = Math.floor(x), top = Math.floor(y), right = x - left, bottom = y - top;
      target[i] = (1 - bottom) * ((1 - right) * at(left, top) + right * at(left + 1, top)) +
        bottom * ((1 - right) * at(left, top + 1) + right * at(left + 1, top + 1));
    }
  }
}

/** Makes strokes thicker or thinner and adds noise. */
function roughen(image: Float32Array, random: Random, { stroke, noise }: Augmentation): void {
  const thickness = stroke * (2 * random.uniform() - 1);
  const contrast = 1 + 2 * stroke * random.uniform();
  const deviation = noise * random.uniform();
  for (let i = 0; i < image.length; i++) {
    const value = image[i]!;
    // The parabola moves edges only: paper (−1) and the middle of a stroke (1) stay as they are.
    const moved = contrast * (value + 1) - 1 + thickness * (1 - value * value);
    image[i] = Math.max(-1, Math.min(1, moved)) + deviation * random.normal();
  }
}
