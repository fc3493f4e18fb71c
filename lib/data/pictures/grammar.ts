import type { Random } from "../../random.ts";
import { BACKGROUND_NAMES, COLOUR_NAMES } from "./colours.ts";
import type { PictureFacts, PictureObject, PictureSize, Relation } from "./facts.ts";
import { nounNamed, NOUNS } from "./nouns.ts";

/** Ways to say one thing. `{}` stands for what it is said of. */
const NOUN_CAPTIONS = [
  "{a}",
  "{a}",
  "{a}",
  "{the}",
  "{one}",
  "a picture of {a}",
  "an image of {a}",
  "a drawing of {a}",
  "there is {a}",
  "this is {a}",
];

const SIZE_WORDS: Readonly<Record<PictureSize, readonly string[]>> = {
  small: ["small", "small", "little"],
  medium: ["medium", "medium-sized"],
  large: ["large", "large", "big"],
};

const BACKGROUND_PHRASES = [
  "{things} on a {colour} background",
  "{things} on a {colour} background",
  "{things} against a {colour} background",
  "{things} in front of a {colour} background",
  "{things} on {colour}",
];

const RELATION_WORDS: Readonly<Record<Relation, readonly string[]>> = {
  "left of": ["left of", "to the left of"],
  "right of": ["right of", "to the right of"],
  above: ["above", "above", "over"],
  below: ["below", "below", "under"],
};

const COUNT_WORDS = ["one", "two", "three"];

/** Beginnings of captions that say more than a noun. */
const OPENINGS = ["", "", "", "", "", "a picture of ", "an image of ", "a drawing of "];

/**
 * Says in short English what `facts.stated` names, in one of several ways.
 *
 * A colour is said of each thing that is painted, a size of the first one only.
 */
export function describe(facts: PictureFacts, random: Random): string {
  const [first, second] = facts.objects as [PictureObject, PictureObject | undefined];
  const says = (fact: PictureFacts["stated"][number]) => facts.stated.includes(fact);
  if (facts.stage === "nouns") {
    const { name, article } = nounNamed(first.noun);
    return anyOf(random, NOUN_CAPTIONS)
      .replace("{a}", `${article} ${name}`)
      .replace("{the}", `the ${name}`)
      .replace("{one}", `one ${name}`);
  }

  const colour = says("colour");
  let text = thing(first, { colour, size: says("size") }, random);
  if (second && facts.relation) {
    text += ` ${anyOf(random, RELATION_WORDS[facts.relation])} ` +
      thing(second, { colour, size: false }, random);
  }
  if (says("background")) {
    text = anyOf(random, BACKGROUND_PHRASES)
      .replace("{things}", text)
      .replace("{colour}", facts.background);
  }
  return anyOf(random, OPENINGS) + text;
}

/** "a large red chair", "two dogs". */
function thing(
  { noun, colour, size, count }: PictureObject,
  says: { colour: boolean; size: boolean },
  random: Random,
): string {
  const { name, plural } = nounNamed(noun);
  const words = [
    says.size ? anyOf(random, SIZE_WORDS[size]) : "",
    says.colour && colour !== null ? colour : "",
    count === 1 ? name : plural,
  ].filter((word) => word !== "");
  const article = /^[aeiou]/.test(words[0]!) ? "an" : "a";
  const number = count > 1
    ? COUNT_WORDS[count - 1]!
    : anyOf(random, [article, article, article, "one"]);
  return `${number} ${words.join(" ")}`;
}

/** Every word that captions of pictures can have, sorted. */
export function pictureWords(): string[] {
  const texts = [
    ...NOUN_CAPTIONS,
    ...OPENINGS,
    ...BACKGROUND_PHRASES,
    ...Object.values(SIZE_WORDS).flat(),
    ...Object.values(RELATION_WORDS).flat(),
    ...COUNT_WORDS,
    ...COLOUR_NAMES,
    ...BACKGROUND_NAMES,
    ...NOUNS.flatMap(({ name, plural, article }) => [name, plural, article]),
  ];
  const words = texts.flatMap((text) => text.replace(/\{\w*\}/g, " ").split(" "));
  return [...new Set([...words, "the"])].filter((word) => word !== "").sort();
}

function anyOf<T>(random: Random, values: readonly T[]): T {
  return values[random.integer(values.length)]!;
}
