/**
 * Square pictures `[B, from, from, channels]` at another size, by bilinear interpolation between the centres of
 * pixels; halving takes the mean of 2×2 pixels.
 */
export function resizePictures(
  images: Float32Array,
  { from, to, channels }: { from: number; to: number; channels: number },
): Float32Array<ArrayBuffer> {
  const pixels = from * from * channels, count = images.length / pixels;
  if (!Number.isInteger(count)) {
    throw new RangeError(
      `Cannot resize ${images.length} numbers: a picture of ${from}×${from}×${channels} takes ${pixels}`,
    );
  }
  const resized = new Float32Array(count * to * to * channels);
  const places = Array.from({ length: to }, (_, i) => placeOf(i, from, to));
  for (let image = 0, i = 0; image < count; image++) {
    for (const row of places) {
      const upper = image * pixels + row.low * from * channels;
      const lower = image * pixels + row.high * from * channels;
      for (const column of places) {
        for (let channel = 0; channel < channels; channel++, i++) {
          const left = column.low * channels + channel, right = column.high * channels + channel;
          const above = mix(images[upper + left]!, images[upper + right]!, column.share);
          const below = mix(images[lower + left]!, images[lower + right]!, column.share);
          resized[i] = mix(above, below, row.share);
        }
      }
    }
  }
  return resized;
}

/** Between which two of the old pixels the centre of a new one lies. */
function placeOf(index: number, from: number, to: number) {
  const at = Math.max(0, Math.min(from - 1, (index + 0.5) * from / to - 0.5));
  const low = Math.floor(at);
  return { low, high: Math.min(from - 1, low + 1), share: at - low };
}

function mix(a: number, b: number, share: number): number {
  return a + share * (b - a);
}
