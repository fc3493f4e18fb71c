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

/** One decision of the judge: the places of its scores among all, and what each means. */
export interface Decision {
  name: string;
  from: number;
  size: number;
}

/** Groups of things in a picture at most. */
const GROUPS = 2;

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

/** The decisions of a judge with this vocabulary, their scores one after another. */
export function decisionsOf({ nouns, colours, backgrounds, count }: Vocabulary): Decision[] {
  const sizes: [string, number][] = [["background", backgrounds.length], ["axis", AXES.length]];
  for (let group = 0; group < GROUPS; group++) {
    sizes.push(
      [`noun${group}`, nouns.length],
      // The first place is for the artwork's own colours.
      [`colour${group}`, 1 + colours.length],
      [`size${group}`, SIZES.length],
      [`count${group}`, count],
    );
  }
  let from = 0;
  return sizes.map(([name, size]) => {
    const decision = { name, from, size };
    from += size;
    return decision;
  });
}

/** Number of scores of a judge with this vocabulary, K. */
export function scoresOf(vocabulary: Vocabulary): number {
  return decisionsOf(vocabulary).reduce((sum, { size }) => sum + size, 0);
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
