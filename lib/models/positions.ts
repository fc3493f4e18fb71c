/**
 * Fixed 2-D sine and cosine positions of a grid, row by row: `[rows · columns, width]`.
 *
 * The first half of the width tells the row, the second the column; each half is sines, then cosines, of
 * position · 10000^(−k / (width / 4)) (Vaswani et al. 2017, in 2-D as in He et al. 2021 and DiT).
 */
export function positions2d(
  rows: number,
  columns: number,
  width: number,
): Float32Array<ArrayBuffer> {
  if (width % 4 !== 0) {
    throw new RangeError(`Cannot make 2-D positions: width ${width} is not divisible by 4`);
  }
  const waves = width / 4;
  const positions = new Float32Array(rows * columns * width);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const start = (row * columns + column) * width;
      for (let k = 0; k < waves; k++) {
        const frequency = 10_000 ** (-k / waves);
        positions[start + k] = Math.sin(row * frequency);
        positions[start + waves + k] = Math.cos(row * frequency);
        positions[start + 2 * waves + k] = Math.sin(column * frequency);
        positions[start + 3 * waves + k] = Math.cos(column * frequency);
      }
    }
  }
  return positions;
}
