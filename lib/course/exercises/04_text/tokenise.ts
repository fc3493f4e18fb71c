import { longestMatch } from "../../../text/tokenizer.ts";
import type { Exercise } from "../../exercise.ts";

const UNKNOWN = "<unknown>";
const FEW = ["a", "c", "h", "chair", "##air", "##a", "##i", "##r", "##s"];
const LETTERS = [..."abcdefghijklmnopqrstuvwxyz"];
/** The longest piece stands neither first nor last, and many are beginnings of others. */
const MANY = [
  ...LETTERS,
  ...LETTERS.map((letter) => `##${letter}`),
  "re",
  "red",
  "reddish",
  "on",
  "ball",
  "balloon",
  "##ball",
  "##back",
  "back",
  "background",
  "ground",
  "##ground",
  "##un",
  "un",
  "##an",
  "an",
  "and",
];

/** Exercise 4.1. */
export const tokeniseExercise: Exercise = {
  id: "4.1",
  name: "tokenise",
  title: "From a text to pieces",
  difficulty: 3,
  importance: 3,
  minutes: 15,
  hints: [
    "Keep the place in the word at which the next piece begins: `let start = 0`. As long as `start < word.length`, " +
    "find a piece, push it, and move `start` to its end.",
    "The longest first: let `end` go down from `word.length` until `word.slice(start, end)`, with its mark before it, " +
    "is in the vocabulary: `vocabulary.includes(…)`.",
    'The mark is "" at the start of the word and "##" everywhere else.',
    "If `end` has come down to `start`, nothing fitted: push the unknown, and still move one character on, or the loop " +
    "never ends.",
  ],
  checks: [
    {
      name: 'words that are pieces: "a chair"',
      args: ["a chair", FEW],
      expected: () => ["a", "chair"],
    },
    {
      name: 'a word of two pieces: "chairs"',
      args: ["chairs", FEW],
      expected: () => ["chair", "##s"],
    },
    {
      name: 'a word that is no piece: "hair"',
      args: ["hair", FEW],
      expected: () => ["h", "##air"],
    },
    {
      name: '"air" alone: the piece "##air" does not begin a word',
      args: ["air", FEW],
      expected: () => ["a", "##i", "##r"],
    },
    {
      name: 'one unknown character: "ca5rs" keeps its four letters',
      args: ["ca5rs", FEW],
      expected: () => ["c", "##a", UNKNOWN, "##r", "##s"],
    },
    {
      name: "no words, no pieces",
      args: ["  ", FEW],
      expected: () => [],
    },
    {
      name: "the longest piece wins, wherever it stands in the vocabulary",
      args: ["Reddish balloons and a red ball on a background", MANY],
      expected: () => spell("reddish balloons and a red ball on a background", MANY),
    },
    {
      name: "words that nobody thought of",
      args: ["unground football 3backgrounds bandana", MANY],
      expected: () => spell("unground football 3backgrounds bandana", MANY),
    },
  ],
  bugs: [
    {
      name: "shortest first",
      says: "The shortest piece that fits is taken, so that everything falls apart into letters.",
      wrong: (text: string, vocabulary: string[]) =>
        spellBy(text, (rest, mark) => {
          const lengths = [...rest].map((_, i) => i + 1);
          return lengths.find((length) => vocabulary.includes(mark + rest.slice(0, length)));
        }),
    },
    {
      name: "first in the vocabulary",
      says:
        "The piece is taken that stands first in the vocabulary. Of all that fit it should be the longest.",
      wrong: (text: string, vocabulary: string[]) =>
        spellBy(text, (rest, mark) => {
          const fits = vocabulary.find((piece) =>
            piece.startsWith(mark) && rest.startsWith(piece.slice(mark.length))
          );
          return fits === undefined ? undefined : fits.length - mark.length;
        }),
    },
    {
      name: "no marks",
      says:
        "Pieces inside a word are looked up without their mark. What goes on in a word is written with ## before it.",
      wrong: (text: string, vocabulary: string[]) =>
        wordsOf(text).flatMap((word) => {
          const pieces: string[] = [];
          for (let start = 0; start < word.length;) {
            let end = word.length;
            while (end > start && !vocabulary.includes(word.slice(start, end))) end--;
            pieces.push(end > start ? word.slice(start, end) : UNKNOWN);
            start = Math.max(end, start + 1);
          }
          return pieces;
        }),
    },
    {
      name: "marks left out of the answer",
      says: "The pieces are the right ones, but their marks are missing in the answer.",
      wrong: (text: string, vocabulary: string[]) =>
        spell(text, vocabulary).map((piece) => piece.replace("##", "")),
    },
    {
      name: "whole words only",
      says:
        "A word that is no piece becomes unknown as a whole. Cut it: the encoder knows its parts.",
      wrong: (text: string, vocabulary: string[]) =>
        wordsOf(text).map((word) => vocabulary.includes(word) ? word : UNKNOWN),
    },
    {
      name: "a word with an unknown character is lost",
      says:
        "One unknown character makes the whole word unknown. Only the character itself is; the rest goes on after it.",
      wrong: (text: string, vocabulary: string[]) =>
        wordsOf(text).flatMap((word) => {
          const pieces = spell(word, vocabulary);
          return pieces.includes(UNKNOWN) ? [UNKNOWN] : pieces;
        }),
    },
    {
      name: "unknown characters left out",
      says: 'Unknown characters disappear. Each of them becomes "<unknown>".',
      wrong: (text: string, vocabulary: string[]) =>
        spell(text, vocabulary).filter((piece) => piece !== UNKNOWN),
    },
    {
      name: "unknown to the end of the word",
      says: "After an unknown character the rest of the word is missing.",
      wrong: (text: string, vocabulary: string[]) =>
        wordsOf(text).flatMap((word) => {
          const pieces = spell(word, vocabulary), unknown = pieces.indexOf(UNKNOWN);
          return unknown < 0 ? pieces : pieces.slice(0, unknown + 1);
        }),
    },
    {
      name: "a new word after an unknown character",
      says:
        "After an unknown character a word seems to begin anew: its pieces have no marks. It is still the same word.",
      wrong: (text: string, vocabulary: string[]) =>
        wordsOf(text).flatMap((word) =>
          word.split(/([^a-z])/).filter((part) => part !== "").flatMap((part) =>
            spell(part, vocabulary)
          )
        ),
    },
  ],
};

/** The library's spelling. */
function spell(text: string, vocabulary: readonly string[]): string[] {
  const known = new Set(vocabulary);
  return wordsOf(text).flatMap((word) => longestMatch(word, known));
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().split(/\s+/).filter((word) => word !== "");
}

/** Spells words by some choice of how many characters the next piece has, none if nothing fits. */
function spellBy(
  text: string,
  choose: (rest: string, mark: string) => number | undefined,
): string[] {
  return wordsOf(text).flatMap((word) => {
    const pieces: string[] = [];
    for (let start = 0; start < word.length;) {
      const mark = start > 0 ? "##" : "", length = choose(word.slice(start), mark);
      pieces.push(length === undefined ? UNKNOWN : mark + word.slice(start, start + length));
      start += length ?? 1;
    }
    return pieces;
  });
}
