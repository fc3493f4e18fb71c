import type { Random } from "../../../random.ts";
import type { Argument, Exercise, Output } from "../../exercise.ts";
import { listOf, someLabels } from "./values.ts";

const many = someLabels(4000, 10, 1), NULL = 10;
const half: readonly Argument[] = [many, 0.5, NULL, { seed: 5 }];

/** Exercise 3.1. */
export const dropLabelsExercise: Exercise = {
  id: "3.1",
  name: "dropLabels",
  title: "Label dropout",
  difficulty: 1,
  importance: 5,
  minutes: 5,
  hints: [
    "`labels.map((label) => …)` makes a new list with something for every label.",
    "A number that is uniform in [0, 1) is below p with probability p.",
    "Draw one number for each label, inside the map: `random.uniform() < probability` decides between two values, " +
    "and `a ? b : c` chooses one of them.",
  ],
  checks: [
    {
      name: "with probability 0 all labels stay",
      args: [[3, 1, 4, 1, 5], 0, NULL, { seed: 1 }],
      expected: () => [3, 1, 4, 1, 5],
    },
    {
      name: "with probability 1 all are dropped: three times class 7 of 0 … 6",
      args: [[6, 0, 2], 1, 7, { seed: 2 }],
      expected: () => [7, 7, 7],
    },
    {
      name: "with probability 0.2 about a fifth of 4,000 labels is dropped, the others stay",
      calls: [[many, 0.2, NULL, { seed: 3 }]],
      judge: ([dropped]) => judgeShare(dropped, many, 0.2),
    },
    {
      name: "every class loses the same share",
      calls: [half],
      judge: ([dropped]) => judgeClasses(dropped),
    },
    {
      name: "neighbours are dropped independently",
      calls: [half],
      judge: ([dropped]) => judgeNeighbours(dropped),
    },
    {
      name: "the same generator drops the same labels, another one others",
      calls: [half, half, [many, 0.5, NULL, { seed: 6 }]],
      judge: ([first, again, other]) => {
        if (String(first) !== String(again)) {
          return "the same generator gave two different answers: draw from `random` only";
        }
        if (String(first) === String(other)) {
          return "two generators dropped exactly the same labels: draw from `random`";
        }
      },
    },
  ],
  bugs: [
    {
      name: "kept instead of dropped",
      says:
        "It is the other way round: the probability is that of dropping a label, not of keeping it.",
      wrong: (labels: number[], probability: number, nullClass: number, random: Random) =>
        labels.map((label) => random.uniform() < probability ? label : nullClass),
    },
    {
      name: "zero as null class",
      says:
        "Dropped labels became 0, but 0 is a class of its own. The null class has the number `nullClass`.",
      wrong: (labels: number[], probability: number, _: number, random: Random) =>
        labels.map((label) => random.uniform() < probability ? 0 : label),
    },
    {
      name: "all or nothing",
      says:
        "All labels are dropped together or kept together: draw a new number for every label, inside the loop.",
      wrong: (labels: number[], probability: number, nullClass: number, random: Random) => {
        const drop = random.uniform() < probability;
        return labels.map((label) => drop ? nullClass : label);
      },
    },
    {
      name: "the first ones",
      says:
        "The share is right, but it is always the first labels that are dropped. Chance should decide for each.",
      wrong: (labels: number[], probability: number, nullClass: number) =>
        labels.map((label, i) => i < probability * labels.length ? nullClass : label),
    },
    {
      name: "dropped labels are left out",
      says:
        "The list got shorter: a dropped label is replaced by the null class, its image stays in the batch.",
      wrong: (labels: number[], probability: number, _: number, random: Random) =>
        labels.filter(() => random.uniform() >= probability),
    },
    {
      name: "a random class",
      says:
        'Dropped labels became some other class. That teaches wrong labels; the null class says "no label".',
      wrong: (labels: number[], probability: number, nullClass: number, random: Random) =>
        labels.map((label) =>
          random.uniform() < probability ? Math.floor(random.uniform() * nullClass) : label
        ),
    },
  ],
};

function judgeShare(output: Output | undefined, labels: number[], p: number): string | undefined {
  const dropped = listOf(output);
  if (!dropped) return "expected a list of numbers";
  if (dropped.length !== labels.length) {
    return `${labels.length} labels became ${dropped.length}: every label needs an answer`;
  }
  const changed = dropped.findIndex((label, i) => label !== NULL && label !== labels[i]);
  if (changed >= 0) {
    return `label ${labels[changed]} at place ${changed} became ${dropped[changed]}: ` +
      `expected it to stay, or to become ${NULL}`;
  }
  const share = shareOf(dropped);
  // Five standard deviations of a share of 4,000.
  const margin = 5 * Math.sqrt(p * (1 - p) / labels.length);
  if (Math.abs(share - p) > margin) {
    return `${(100 * share).toFixed(1)} % were dropped, expected about ${100 * p} %`;
  }
}

function judgeClasses(output: Output | undefined): string | undefined {
  const dropped = listOf(output) ?? [];
  for (let asked = 0; asked < NULL; asked++) {
    const share = shareOf(dropped.filter((_, i) => many[i] === asked));
    if (Math.abs(share - 0.5) > 0.13) {
      return `of class ${asked}, ${(100 * share).toFixed(0)} % were dropped, expected about 50 %`;
    }
  }
}

function judgeNeighbours(output: Output | undefined): string | undefined {
  const dropped = listOf(output) ?? [];
  const after = dropped.filter((_, i) => i > 0 && dropped[i - 1] === NULL);
  const share = shareOf(after);
  if (Math.abs(share - 0.5) > 0.06) {
    return `after a dropped label ${
      (100 * share).toFixed(0)
    } % of the next ones are dropped too, ` +
      "expected about 50 %";
  }
}

function shareOf(labels: readonly number[]): number {
  return labels.filter((label) => label === NULL).length / labels.length;
}
