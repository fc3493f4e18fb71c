import * as tf from "@tensorflow/tfjs-core";
import { positions2d } from "../../../models/mod.ts";
import { float32 } from "../../../tensors.ts";
import type { Exercise, Output } from "../../exercise.ts";
import { tensorOf } from "../../outputs.ts";

/** Exercise 2.3. */
export const positionsExercise: Exercise = {
  id: "2.3",
  name: "positions2d",
  title: "Where a token lies",
  difficulty: 3,
  importance: 4,
  minutes: 15,
  hints: [
    "Plain loops are fine here: over rows, over columns, over k. Build an array of numbers for each cell, " +
    "then `tf.tensor2d(codes, [rows * columns, width])`.",
    "Cell (row, column) is number row · columns + column: columns is the inner loop.",
    "`10_000 ** (-k / waves)` is the frequency. For k = 0 it is 1, and it falls towards 1/10000.",
    "The four stretches start at 0, waves, 2 · waves and 3 · waves: `code[waves + k] = Math.cos(row * frequency)` " +
    "is one of the four lines.",
  ],
  checks: [
    {
      name: "a single cell lies at (0, 0): sin 0, cos 0, sin 0, cos 0",
      args: [1, 1, 4],
      expected: () => float32([1, 4], [0, 1, 0, 1]),
    },
    {
      name: "two rows and two columns with one wave, calculated by hand",
      args: [2, 2, 4],
      expected: () => {
        const sin = Math.sin(1), cos = Math.cos(1);
        return float32(
          [4, 4],
          [[0, 1, 0, 1], [0, 1, sin, cos], [sin, cos, 0, 1], [
            sin,
            cos,
            sin,
            cos,
          ]].flat(),
        );
      },
    },
    {
      name: "with two waves the second is 100 times slower",
      args: [1, 2, 8],
      // 10000^(−1/2) = 0.01
      expected: () => {
        const [fast, slow] = [1, 0.01];
        return float32(
          [2, 8],
          [
            [0, 0, 1, 1, 0, 0, 1, 1],
            [0, 0, 1, 1, Math.sin(fast), Math.sin(slow), Math.cos(fast), Math.cos(slow)],
          ].flat(),
        );
      },
    },
    {
      name: "a grid higher than wide: 5 rows, 2 columns, 12 numbers each",
      args: [5, 2, 12],
      expected: () => float32([10, 12], positions2d(5, 2, 12)),
    },
    {
      name: "the 49 cells of a digit, 64 numbers each",
      args: [7, 7, 64],
      expected: () => float32([49, 64], positions2d(7, 7, 64)),
      draw: "matrix",
    },
    {
      name: "no two cells have the same code",
      calls: [[7, 7, 32], [3, 9, 8]],
      judge: (codes) => codes.map((code) => nearestCells(code)).find((problem) => problem),
    },
  ],
  bugs: [
    {
      name: "row and column swapped",
      says:
        "Rows and columns look swapped: the first half of a code tells the row, the second the column.",
      wrong: coder((row, column, waves, k) => [column, row].flatMap((at) => waveOf(at, waves, k))),
    },
    {
      name: "cosine before sine",
      says:
        "Cosines come before sines here. The order is sin, cos for the row, then sin, cos for the column.",
      wrong: coder((row, column, waves, k) =>
        [row, column].flatMap((at) => waveOf(at, waves, k).reverse())
      ),
    },
    {
      name: "divided by the width",
      says:
        "Your waves get slower too slowly. k runs over `waves` numbers, a quarter of the width: divide by that.",
      wrong: coder((row, column, waves, k) =>
        [row, column].flatMap((at) => waveOf(at, 4 * waves, k))
      ),
    },
    {
      name: "positions in reading order",
      says:
        "You code the number of the cell in reading order. Then the cell below lies as far away as the end of " +
        "the line, and the net has to learn the grid by itself. Code row and column separately.",
      wrong: coder((row, column, waves, k, columns) => {
        const at = row * columns + column;
        return [at, at].flatMap((at) => waveOf(at, waves, k));
      }),
    },
    {
      name: "frequency the wrong way up",
      says: "Your waves get faster with k. There is a minus sign in the exponent.",
      wrong: coder((row, column, waves, k) => [row, column].flatMap((at) => waveOf(at, waves, -k))),
    },
    {
      name: "sine and cosine in turn",
      says:
        "Sines and cosines take turns. Here each stretch holds all its waves: first all sines, then all cosines.",
      wrong: (rows: number, columns: number, width: number) => {
        const codes = tf.tensor(positions2d(rows, columns, width), [
          rows * columns * 2,
          2,
          width / 4,
        ]);
        return tf.reshape(tf.transpose(codes, [0, 2, 1]), [rows * columns, width]);
      },
    },
  ],
};

/** Sine and cosine of wave k at a place. */
function waveOf(at: number, waves: number, k: number): [sine: number, cosine: number] {
  const angle = at * 10_000 ** (-k / waves);
  return [Math.sin(angle), Math.cos(angle)];
}

/** A position code whose four stretches are filled by these four numbers. */
function coder(
  four: (row: number, column: number, waves: number, k: number, columns: number) => number[],
) {
  return (rows: number, columns: number, width: number) => {
    const waves = width / 4;
    const codes = new Float32Array(rows * columns * width);
    for (let cell = 0; cell < rows * columns; cell++) {
      const row = Math.floor(cell / columns), column = cell % columns;
      for (let k = 0; k < waves; k++) {
        four(row, column, waves, k, columns).forEach((value, stretch) => {
          codes[cell * width + stretch * waves + k] = value;
        });
      }
    }
    return tf.tensor2d(codes, [rows * columns, width]);
  };
}

/** Says which two codes are the same, if two are. */
function nearestCells(codes: Output): string | undefined {
  const { data, shape } = tensorOf(codes, [-1, -1]);
  const [cells, width] = shape as [number, number];
  for (let a = 0; a < cells; a++) {
    for (let b = 0; b < a; b++) {
      const distance = Math.hypot(
        ...Array.from({ length: width }, (_, i) => data[a * width + i]! - data[b * width + i]!),
      );
      if (!(distance >= 0.1)) return `cells ${b} and ${a} of ${cells} have almost the same code`;
    }
  }
}
