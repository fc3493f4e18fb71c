import * as tf from "@tensorflow/tfjs-core";
import { layerNorm } from "../../../engine/ops/mod.ts";
import { float32, type HostTensor } from "../../../tensors.ts";
import type { Argument, Exercise, Output } from "../../exercise.ts";
import { tensorOf } from "../../outputs.ts";
import { answer, normal } from "./values.ts";

interface Parts {
  modulate: (tokens: tf.Tensor, shift: tf.Tensor, scale: tf.Tensor) => tf.Tensor;
  attend: (tokens: tf.Tensor) => tf.Tensor;
  transform: (tokens: tf.Tensor) => tf.Tensor;
}

/** What a block is modulated by, in order. */
const SIX = ["shift1", "scale1", "gate1", "shift2", "scale2", "gate2"] as const;

const tokens = normal([2, 4, 6], 1), modulation = normal([2, 36], 2);
const simple = partsOf("multiplyTokens", { factor: 10 }, "multiplyTokens", { factor: 100 });
const mixing = partsOf("averageTokens", { plus: 0.5 }, "squareTokens");

/** Exercise 2.6. */
export const blockExercise: Exercise = {
  id: "2.6",
  name: "block",
  title: "The block, with gates",
  difficulty: 3,
  importance: 5,
  minutes: 15,
  hints: [
    "`tf.split(modulation, 6, 1)` gives the six vectors [B, D], in the order in which the docstring names them.",
    "The first line of the formula, from the inside out: modulate with shift₁ and scale₁, attend, multiply by gate₁, " +
    "add to the tokens. The second line starts from what the first one gave.",
    "A gate is [B, D] and what it multiplies is [B, N, D]: reshape it to [B, 1, D]. " +
    "`parts.modulate` takes shift and scale as they are.",
    "The first half is `tf.add(tokens, tf.mul(tf.reshape(gate1!, [batch, 1, width]), " +
    "parts.attend(parts.modulate(tokens, shift1!, scale1!))))`.",
  ],
  checks: [
    {
      name: "all six vectors zero: the tokens come out as they went in",
      args: [tokens, float32([2, 36]), mixing],
      expected: () => tokens,
    },
    {
      name: "gate₁ = 1 lets attention through: [1, 3] + 10 · [−1, 1], calculated by hand",
      args: [float32([1, 1, 2], [1, 3]), vectors({ gate1: [1, 1] }), simple],
      expected: () => float32([1, 1, 2], [-9, 13]),
      tolerance: 1e-3,
    },
    {
      name: "gate₂ = ½ lets half of the MLP through: [1, 3] + ½ · 100 · [−1, 1]",
      args: [float32([1, 1, 2], [1, 3]), vectors({ gate2: [0.5, 0.5] }), simple],
      expected: () => float32([1, 1, 2], [-49, 53]),
      tolerance: 1e-3,
    },
    {
      name:
        "shifts and scales belong to their halves, and the second half sees what the first one did",
      args: [
        float32([1, 1, 2], [1, 3]),
        // first: 10 · ([−1, 1] · [1, 1] + [1, 1]) = [0, 20] → [1, 23]; second: 100 · [−1, 1] · [3, 3] = [−300, 300]
        vectors({ shift1: [1, 1], gate1: [1, 1], scale2: [2, 2], gate2: [1, 1] }),
        simple,
      ],
      expected: () => float32([1, 1, 2], [-299, 323]),
      tolerance: 1e-2,
    },
    {
      name: "two images of four tokens, each with its own vectors: [2, 4, 6]",
      args: [tokens, modulation, mixing],
      expected: () => answer(reference, tokens, modulation),
      tolerance: 1e-4,
      draw: "matrix",
    },
    {
      name: "twice the gate, twice the change",
      calls: [0, 1, 2].map((gate) => [tokens, onlyGate1(gate), mixing]),
      judge: ([none, once, twice]) => growsWithGate(none!, once!, twice!),
    },
  ],
  bugs: [
    {
      name: "no gates",
      says: "The gates are missing: with all six vectors zero the tokens should stay as they are.",
      wrong: (x: tf.Tensor, m: tf.Tensor, parts: Parts) => run(x, m, parts, () => 1),
    },
    {
      name: "1 + gate",
      says: "Only scale gets a 1 added. A gate of 0 must shut its branch.",
      wrong: (x: tf.Tensor, m: tf.Tensor, parts: Parts) =>
        run(x, m, parts, (gate) => tf.add(1, gate)),
    },
    {
      name: "no residual",
      says:
        "The tokens themselves are lost: each branch is added to them and does not replace them.",
      wrong: (x: tf.Tensor, m: tf.Tensor, parts: Parts) => {
        const [shift1, scale1, gate1, shift2, scale2, gate2] = six(m);
        const mixed = tf.mul(gate1!, parts.attend(parts.modulate(x, shift1!, scale1!)));
        return tf.mul(gate2!, parts.transform(parts.modulate(mixed, shift2!, scale2!)));
      },
    },
    {
      name: "the tokens gated too",
      says:
        "The gate multiplies the tokens as well. It belongs to the branch alone: tokens + gate · branch.",
      wrong: (x: tf.Tensor, m: tf.Tensor, parts: Parts) => {
        const [shift1, scale1, gate1, shift2, scale2, gate2] = six(m);
        const mixed = tf.mul(gate1!, tf.add(x, parts.attend(parts.modulate(x, shift1!, scale1!))));
        const hidden = parts.transform(parts.modulate(mixed, shift2!, scale2!));
        return tf.mul(gate2!, tf.add(mixed, hidden));
      },
    },
    {
      name: "both branches from the same tokens",
      says:
        "Both halves start from the tokens that came in. The second one starts from what the first one gave.",
      wrong: (x: tf.Tensor, m: tf.Tensor, parts: Parts) => {
        const [shift1, scale1, gate1, shift2, scale2, gate2] = six(m);
        const attended = parts.attend(parts.modulate(x, shift1!, scale1!));
        const hidden = parts.transform(parts.modulate(x, shift2!, scale2!));
        return tf.addN([x, tf.mul(gate1!, attended), tf.mul(gate2!, hidden)]);
      },
    },
    {
      name: "scale before shift",
      says:
        "The six vectors are taken in another order than they come: shift, scale, gate, and again.",
      wrong: (x: tf.Tensor, m: tf.Tensor, parts: Parts) =>
        run(x, m, { ...parts, modulate: (x, shift, scale) => parts.modulate(x, scale, shift) }),
    },
    {
      name: "gates last",
      says:
        "The six vectors are taken in another order than they come: shift, scale, gate, and again. " +
        "Both gates at the end is another order.",
      wrong: (x: tf.Tensor, m: tf.Tensor, parts: Parts) => {
        const [shift1, scale1, shift2, scale2, gate1, gate2] = tf.split(m, 6, 1);
        return run(
          x,
          tf.concat([shift1!, scale1!, gate1!, shift2!, scale2!, gate2!], 1),
          parts,
        );
      },
    },
    {
      name: "halves swapped",
      says: "The MLP comes before attention. Attention comes first.",
      wrong: (x: tf.Tensor, m: tf.Tensor, parts: Parts) =>
        run(x, m, { ...parts, attend: parts.transform, transform: parts.attend }),
    },
  ],
};

/** A block; `gateOf` may spoil the gates `[B, 1, D]`. */
function run(
  x: tf.Tensor,
  modulation: tf.Tensor,
  { modulate, attend, transform }: Parts,
  gateOf: (gate: tf.Tensor) => tf.Tensor | number = (gate) => gate,
): tf.Tensor {
  const [shift1, scale1, gate1, shift2, scale2, gate2] = six(modulation);
  const mixed = tf.add(x, tf.mul(gateOf(gate1!), attend(modulate(x, shift1!, scale1!))));
  return tf.add(mixed, tf.mul(gateOf(gate2!), transform(modulate(mixed, shift2!, scale2!))));
}

/** Shifts and scales `[B, D]`, gates `[B, 1, D]`. */
function six(modulation: tf.Tensor): tf.Tensor[] {
  return tf.split(modulation, 6, 1).map((vector, i) =>
    i % 3 === 2 ? tf.expandDims(vector, 1) : vector
  );
}

/** The block with the parts of `mixing`, from the library's layer normalisation. */
function reference(x: tf.Tensor, modulation: tf.Tensor): tf.Tensor {
  const [shift1, scale1, gate1, shift2, scale2, gate2] = tf.split(
    tf.expandDims(modulation, 1),
    6,
    2,
  );
  const norm = (x: tf.Tensor, shift: tf.Tensor, scale: tf.Tensor) =>
    layerNorm(x, { shift, scale: tf.add(1, scale) });
  const averaged = tf.add(tf.mean(norm(x, shift1!, scale1!), 1, true), 0.5);
  const mixed = tf.add(x, tf.mul(gate1!, averaged));
  return tf.add(mixed, tf.mul(gate2!, tf.square(norm(mixed, shift2!, scale2!))));
}

function partsOf(
  attend: string,
  attendOptions: { [name: string]: number },
  transform: string,
  transformOptions: { [name: string]: number } = {},
): Argument {
  return {
    modulate: { callback: "modulateTokens" },
    attend: { callback: attend, options: attendOptions },
    transform: { callback: transform, options: transformOptions },
  };
}

/** The six vectors of one image with two features, side by side; those left out are zero. */
function vectors(
  given: Partial<Record<typeof SIX[number], readonly [number, number]>>,
): HostTensor {
  return float32([1, 12], SIX.flatMap((name) => given[name] ?? [0, 0]));
}

/** Modulation of two images with six features whose first gate is this number, and all else zero. */
function onlyGate1(gate: number): HostTensor {
  return float32(
    [2, 36],
    Array.from({ length: 72 }, (_, i) => Math.floor(i % 36 / 6) === 2 ? gate : 0),
  );
}

function growsWithGate(none: Output, once: Output, twice: Output): string | undefined {
  const [a, b, c] = [none, once, twice].map((output) => tensorOf(output, [2, 4, 6]).data);
  for (let i = 0; i < a!.length; i++) {
    const first = b![i]! - a![i]!, second = c![i]! - b![i]!;
    if (!(Math.abs(first - second) <= 1e-4)) {
      return `gate 1 changed a number by ${first.toFixed(4)}, gate 2 by another ${
        second.toFixed(4)
      }: ` +
        "both steps should be equal";
    }
  }
}
