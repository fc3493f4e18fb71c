import type { HostTensor } from "../tensors.ts";

/** Throws unless the features are a matrix [N, D] of at least `least` rows. */
export function expectFeatures(name: string, { shape }: HostTensor, least: number): void {
  if (shape.length !== 2 || shape[0]! < least) {
    throw new RangeError(
      `Cannot use ${name} [${shape.join(", ")}]: expected [N, D] with at least ${least} rows`,
    );
  }
}

/** Throws unless both have the same number of features. */
export function expectSameWidth(a: HostTensor, b: HostTensor): void {
  if (a.shape[1] !== b.shape[1]) {
    throw new RangeError(
      `Cannot compare ${a.shape[1]} features with ${
        b.shape[1]
      }: both must come from one classifier`,
    );
  }
}

/** Some rows of a matrix [N, D], as a matrix of their own. */
export function takeRows({ shape, data }: HostTensor, rows: readonly number[]): HostTensor {
  const width = shape[1]!, taken = new Float32Array(rows.length * width);
  rows.forEach((row, i) => taken.set(data.subarray(row * width, (row + 1) * width), i * width));
  return { shape: [rows.length, width], dtype: "float32", data: taken };
}
