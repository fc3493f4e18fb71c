import { LINKS } from "../../../evaluation/diagnose/links.ts";
import type { Exercise, Output } from "../../exercise.ts";
import { ReturnTypeError } from "../../values.ts";

const LETTERS = [..."ABCDEFG"];
const ANSWERS: readonly string[] = [...LINKS, "none"];

/** The right answers in a form that nobody reads by accident: fingerprints of "A: data" and the like. */
const RIGHT = [
  2409708968,
  4246036472,
  2401682819,
  1931115755,
  721871194,
  110425565,
  768642095,
];

/** Exercise 7.6. */
export const brokenLinksExercise: Exercise = {
  id: "7.6",
  name: "brokenLinks",
  title: "Seven systems",
  difficulty: 4,
  importance: 5,
  minutes: 25,
  hints: [
    "Go through the table column by column, from left to right. In each column look for the one system that differs from " +
    "all others, and ask what that test tried, and what it did not.",
    "What a test finds by itself, without trained weights, cannot be the fault of training. Cross those systems out " +
    "first, with everything else that looks bad about them.",
    "Two systems are left whose numbers are all fine. Their pictures are fine as well. But read what was asked for.",
  ],
  checks: [
    {
      name: "each of A to G is one of the links, or none",
      calls: [[]],
      judge: ([output]) => {
        const answers = recordOf(output);
        for (const letter of LETTERS) {
          const answer = answers[letter];
          if (answer === undefined) return `system ${letter} is missing`;
          if (!ANSWERS.includes(answer as string)) {
            return `system ${letter} is ${JSON.stringify(answer)}: expected one of ${
              ANSWERS.join(", ")
            }`;
          }
        }
      },
    },
    {
      name: "the broken links",
      calls: [[]],
      judge: ([output]) => {
        const answers = recordOf(output);
        const wrong = LETTERS.filter((letter, i) =>
          fingerprint(`${letter}: ${answers[letter]}`) !== RIGHT[i]
        );
        if (wrong.length === 0) return;
        const named = wrong.length > 1
          ? `${wrong.slice(0, -1).join(", ")} and ${wrong.at(-1)}`
          : wrong[0];
        return `${
          LETTERS.length - wrong.length
        } of ${LETTERS.length} are right: look again at ${named}`;
      },
    },
  ],
  bugs: [
    {
      name: "training everywhere",
      says:
        "Training is where every fault ends, and so it always looks guilty. Ask which link was tested without it.",
      wrong: () => everywhere("training"),
    },
    {
      name: "none broken",
      says: "Only one of them is healthy.",
      wrong: () => everywhere("none"),
    },
    {
      name: "conditioning everywhere",
      says: "Only one of them does not hear what is asked for: look at the column for it.",
      wrong: () => everywhere("conditioning"),
    },
    {
      name: "objective everywhere",
      says:
        "A broken objective shows in the velocity against the exact one. Most of these have learned the right thing.",
      wrong: () => everywhere("objective"),
    },
  ],
};

/** FNV-1a: a number that says nothing about the text. */
export function fingerprint(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash;
}

function everywhere(answer: string): Record<string, string> {
  return Object.fromEntries(LETTERS.map((letter) => [letter, answer]));
}

function recordOf(output: Output | undefined): { readonly [name: string]: Output } {
  if (typeof output === "object" && output !== null && !Array.isArray(output)) {
    return output as { readonly [name: string]: Output };
  }
  throw new ReturnTypeError('returned something else than { A: "…", B: "…", … }');
}
