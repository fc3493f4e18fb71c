import { type PictureFacts, SIZES } from "../../data/pictures/facts.ts";
import { suggest } from "../../suggest.ts";
import { AXES, type Axis, type Layout, layoutOf } from "./layout.ts";

/** Everything that the judge can say about a picture. */
export interface Vocabulary {
  nouns: readonly string[];
  /** Colours of things; beside these there are their own. */
  colours: readonly string[];
  backgrounds: readonly string[];
  /** Largest number of equal things. */
  count: number;
}

/** One decision of the judge: the places of its scores among all. */
export interface Decision {
  from: number;
  size: number;
}

/** Groups of things in a picture at most. */
export const GROUPS = 2;

/** The words that facts use, in alphabetical order. */
export function vocabularyOf(facts: readonly PictureFacts[]): Vocabulary {
  const objects = facts.flatMap((fact) => fact.objects);
  const words = (all: readonly (string | null)[]) =>
    [...new Set(all.filter((word) => word !== null))].sort();
  return {
    nouns: words(objects.map(({ noun }) => noun)),
    colours: words(objects.map(({ colour }) => colour)),
    backgrounds: words(facts.map(({ background }) => background)),
    count: Math.max(1, ...objects.map(({ count }) => count)),
  };
}

/** The decisions of a judge with this vocabulary, their scores one after another: about the whole, then each group. */
export function decisionsOf(vocabulary: Vocabulary): Decision[] {
  const groups = Array.from({ length: GROUPS }, () => groupSizes(vocabulary));
  let from = 0;
  return [wholeSizes(vocabulary), ...groups].flat().map((size) => {
    const decision = { from, size };
    from += size;
    return decision;
  });
}

/** Number of scores about the whole picture. */
export function wholeScoresOf(vocabulary: Vocabulary): number {
  return sum(wholeSizes(vocabulary));
}

/** Number of scores about each group. */
export function groupScoresOf(vocabulary: Vocabulary): number {
  return sum(groupSizes(vocabulary));
}

/** Number of scores of a judge with this vocabulary, K. */
export function scoresOf(vocabulary: Vocabulary): number {
  return wholeScoresOf(vocabulary) + GROUPS * groupScoresOf(vocabulary);
}

/** Background and axis. */
function wholeSizes({ backgrounds }: Vocabulary): number[] {
  return [backgrounds.length, AXES.length];
}

/** Noun, colour (the first place is for the artwork's own), size and count. */
function groupSizes({ nouns, colours, count }: Vocabulary): number[] {
  return [nouns.length, 1 + colours.length, SIZES.length, count];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/**
 * The right answer of each decision about a picture, as `[D]` indices; −1 for a group that is not there. Throws a
 * RangeError for a word that the judge does not know.
 */
export function answersOf(facts: PictureFacts, vocabulary: Vocabulary): number[] {
  const { axis, groups, background } = layoutOf(facts);
  const { nouns, colours, backgrounds, count } = vocabulary;
  const answers = [find("background", backgrounds, background), AXES.indexOf(axis)];
  for (let i = 0; i < GROUPS; i++) {
    const group = groups[i];
    if (!group) {
      answers.push(-1, -1, -1, -1);
      continue;
    }
    if (!(group.count >= 1 && group.count <= count)) {
      throw new RangeError(`The judge counts to ${count}, not to ${group.count}`);
    }
    answers.push(
      find("noun", nouns, group.noun),
      group.colour === null ? 0 : 1 + find("colour", colours, group.colour),
      SIZES.indexOf(group.size),
      group.count - 1,
    );
  }
  return answers;
}

/** The layout that the highest score of each decision means. */
export function layoutFrom(scores: Float32Array, vocabulary: Vocabulary): Layout {
  const [background, axis, ...rest] = decisionsOf(vocabulary).map(({ from, size }) => {
    const here = scores.subarray(from, from + size);
    return here.indexOf(Math.max(...here));
  });
  const seen: Axis = AXES[axis!]!;
  const groups = Array.from({ length: seen === "single" ? 1 : GROUPS }, (_, i) => {
    const [noun, colour, size, count] = rest.slice(4 * i, 4 * i + 4);
    return {
      noun: vocabulary.nouns[noun!]!,
      colour: colour === 0 ? null : vocabulary.colours[colour! - 1]!,
      size: SIZES[size!]!,
      count: count! + 1,
    };
  });
  return { axis: seen, groups, background: vocabulary.backgrounds[background!]! };
}

function find(kind: string, words: readonly string[], word: string): number {
  const found = words.indexOf(word);
  if (found >= 0) return found;
  const meant = suggest(word, words);
  throw new RangeError(
    `The judge knows no ${kind} "${word}"` + (meant ? `: did you mean "${meant}"?` : "") +
      "; `deno task classifier pictures` trains it for the words that there are",
  );
}
