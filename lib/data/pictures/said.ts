import { BACKGROUND_NAMES, COLOUR_NAMES } from "./colours.ts";
import { type Fact, type PictureFacts, type PictureObject, RELATIONS, SIZES } from "./facts.ts";
import { NOUNS } from "./nouns.ts";

/** One thing that a caption can say, as a choice: class 0 is "not said", the others are its values. */
export interface SaidChoice {
  /** `"noun"`, `"second noun"` … */
  name: string;
  fact: Fact;
  /** Names of classes 1, 2, …. */
  values: readonly string[];
  /** What is said, as one of the values; null if nothing is. */
  of(objects: readonly PictureObject[], facts: PictureFacts): string | null | undefined;
}

const nouns = NOUNS.map(({ name }) => name), counts = ["1", "2", "3"];

/** Everything that a caption of `pictures` can say. */
export const SAID_CHOICES: readonly SaidChoice[] = [
  { name: "noun", fact: "noun", values: nouns, of: ([first]) => first!.noun },
  { name: "second noun", fact: "noun", values: nouns, of: ([, second]) => second?.noun },
  { name: "colour", fact: "colour", values: COLOUR_NAMES, of: ([first]) => first!.colour },
  { name: "second colour", fact: "colour", values: COLOUR_NAMES, of: ([, other]) => other?.colour },
  {
    name: "background",
    fact: "background",
    values: BACKGROUND_NAMES,
    of: (_, { background }) => background,
  },
  { name: "size", fact: "size", values: SIZES, of: ([first]) => first!.size },
  { name: "count", fact: "count", values: counts, of: ([first]) => String(first!.count) },
  {
    name: "second count",
    fact: "count",
    values: counts,
    of: ([, second]) => second && String(second.count),
  },
  { name: "relation", fact: "relation", values: RELATIONS, of: (_, { relation }) => relation },
];

/** What a caption says: the class of each of {@linkcode SAID_CHOICES}, 0 where it says nothing. */
export function saidClasses(facts: PictureFacts): number[] {
  return SAID_CHOICES.map(({ fact, values, of }) => {
    if (!facts.stated.includes(fact)) return 0;
    const value = of(facts.objects, facts);
    return value ? values.indexOf(value) + 1 : 0;
  });
}
