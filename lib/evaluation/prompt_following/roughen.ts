import type { Random } from "../../random.ts";
import { resizePictures } from "./resize.ts";

/** How much pictures are changed; each number is drawn anew for every picture. */
export interface Roughness {
  /** Share of pictures that stay as they are. */
  clean: number;
  /** Largest shift, in pixels; the border repeats. */
  shift: number;
  /** Largest change of brightness on the scale of [−1, 1], and of contrast as a share. */
  light: number;
  /** Share of the others that are halved in size and enlarged again, as pictures of 32 pixels are. */
  coarse: number;
  /** Most passes of a blur with weights 1/4, 1/2, 1/4 in both directions. */
  blur: number;
  /** Largest standard deviation of the noise on every number. */
  noise: number;
}

/** Enough that what an autoencoder or a sampler leaves behind does not decide how a picture is read. */
export const ROUGHNESS: Roughness = {
  clean: 0.3,
  shift: 2,
  light: 0.12,
  coarse: 0.25,
  blur: 2,
  noise: 0.15,
};

/** Changed copies of pictures `[B, size, size, channels]` in [−1, 1]: shifted, blurred, lit otherwise, noisy. */
export function roughen(
  images: Float32Array,
  { size, channels }: { size: number; channels: number },
  random: Random,
  amounts: Roughness = ROUGHNESS,
): Float32Array<ArrayBuffer> {
  const changed = Float32Array.from(images), pixels = size * size * channels;
  const within = (limit: number) => limit * (2 * random.uniform() - 1);
  for (let start = 0; start < images.length; start += pixels) {
    if (random.uniform() < amounts.clean) continue;
    const from = images.subarray(start, start + pixels);
    const to = changed.subarray(start, start + pixels);
    const whole = (limit: number) => Math.round(within(limit));
    shift(from, to, { size, channels, dx: whole(amounts.shift), dy: whole(amounts.shift) });
    if (random.uniform() < amounts.coarse) coarsen(to, size, channels);
    for (let pass = random.integer(amounts.blur + 1); pass > 0; pass--) blur(to, size, channels);
    const contrast = 1 + within(amounts.light), brightness = within(amounts.light);
    const noise = amounts.noise * random.uniform() ** 2;
    for (let i = 0; i < pixels; i++) {
      const value = contrast * to[i]! + brightness + noise * random.normal();
      to[i] = Math.max(-1, Math.min(1, value));
    }
  }
  return changed;
}

function shift(
  from: Float32Array,
  to: Float32Array,
  { size, channels, dx, dy }: { size: number; channels: number; dx: number; dy: number },
): void {
  const inside = (at: number) => Math.max(0, Math.min(size - 1, at));
  for (let row = 0, i = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const source = channels * (size * inside(row + dy) + inside(column + dx));
      for (let channel = 0; channel < channels; channel++) to[i++] = from[source + channel]!;
    }
  }
}

function coarsen(image: Float32Array, size: number, channels: number): void {
  const half = resizePictures(image, { from: size, to: size / 2, channels });
  image.set(resizePictures(half, { from: size / 2, to: size, channels }));
}

/** In place: first along rows, then along columns. */
function blur(image: Float32Array, size: number, channels: number): void {
  for (const [along, across] of [[channels, channels * size], [channels * size, channels]]) {
    for (let line = 0; line < size; line++) {
      for (let channel = 0; channel < channels; channel++) {
        const first = line * across! + channel;
        let before = image[first]!;
        for (let i = 0; i < size; i++) {
          const at = first + i * along!, here = image[at]!;
          const after = i + 1 < size ? image[at + along!]! : here;
          image[at] = (before + 2 * here + after) / 4;
          before = here;
        }
      }
    }
  }
}
