/** Numbers that tell drawn digits from handwritten ones; images are [N, 28, 28], 0 … 255. */

const SIDE = 28, PIXELS = SIDE * SIDE;

/** Mean ink, 0 … 1. */
export function meanInk(images: Uint8Array): number {
  return images.reduce((sum, value) => sum + value, 0) / images.length / 255;
}

/**
 * Width of the pen's stroke in each image, in pixels.
 *
 * A stroke of width w and length l covers w·l and has an outline of about 2·l, which is what the
 * total variation of the image measures.
 */
export function strokeWidths(images: Uint8Array): number[] {
  return Array.from({ length: images.length / PIXELS }, (_, n) => {
    let area = 0, outline = 0;
    for (let y = 0; y + 1 < SIDE; y++) {
      for (let x = 0; x + 1 < SIDE; x++) {
        const at = n * PIXELS + y * SIDE + x, value = images[at]!;
        area += value;
        outline += Math.hypot(images[at + 1]! - value, images[at + SIDE]! - value);
      }
    }
    return 2 * area / outline;
  });
}

/** The value below which a share of the numbers lie. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))]!;
}

/** Share of test images whose nearest training image (Euclidean) has the same label. */
export function nearestNeighbourAccuracy(
  train: { images: Uint8Array; labels: Uint8Array },
  test: { images: Uint8Array; labels: Uint8Array },
): number {
  const known = Float32Array.from(train.images);
  let right = 0;
  for (let n = 0; n < test.labels.length; n++) {
    const image = Float32Array.from(test.images.subarray(n * PIXELS, (n + 1) * PIXELS));
    let nearest = 0, smallest = Infinity;
    for (let k = 0; k < train.labels.length; k++) {
      let distance = 0;
      for (let p = 0; p < PIXELS; p++) {
        const difference = image[p]! - known[k * PIXELS + p]!;
        distance += difference * difference;
      }
      if (distance < smallest) [smallest, nearest] = [distance, k];
    }
    if (train.labels[nearest] === test.labels[n]) right++;
  }
  return right / test.labels.length;
}
