/** A thing that can be in a picture. */
export interface Noun {
  /** Name in the singular. */
  name: string;
  plural: string;
  /** The indefinite article. */
  article: "a" | "an";
  group: NounGroup;
  /** Code point of its artwork, as the files of @twemoji/svg are named. */
  artwork: string;
  /** Backgrounds on which the artwork's own colours are hard to see. */
  hiddenOn: readonly string[];
}

/** What kind of thing a noun is. */
export type NounGroup = "animals" | "food" | "furniture" | "vehicles" | "nature" | "objects";

/** One a line: name, artwork, backgrounds that hide it. */
const TABLE: Readonly<Record<NounGroup, string>> = {
  animals: `
    dog 1f415
    cat 1f408 yellow
    horse 1f40e
    pig 1f416 pink
    elephant 1f418 grey
    rabbit 1f407 grey
    duck 1f986
    owl 1f989
    fish 1f41f blue
    turtle 1f422 green
    butterfly 1f98b blue
    crab 1f980
    penguin 1f427 black`,
  food: `
    apple 1f34e
    banana 1f34c yellow
    pear 1f350 green
    strawberry 1f353
    carrot 1f955
    mushroom 1f344
    pineapple 1f34d yellow
    pizza 1f355 yellow
    hamburger 1f354
    cupcake 1f9c1 yellow
    doughnut 1f369`,
  furniture: `
    chair 1fa91
    sofa 1f6cb green
    bed 1f6cf blue
    door 1f6aa
    window 1fa9f blue
    cabinet 1f5c4 black
    lantern 1f3ee
    ladder 1fa9c`,
  vehicles: `
    car 1f697
    truck 1f69a yellow
    tractor 1f69c green
    bicycle 1f6b2 black
    train 1f682 black
    sailboat 26f5 blue
    helicopter 1f681 yellow
    plane 2708 blue
    rocket 1f680
    scooter 1f6f4 blue`,
  nature: `
    tree 1f333 green
    palm 1f334 green
    cactus 1f335 green
    tulip 1f337 pink
    sunflower 1f33b yellow
    leaf 1f341
    moon 1f319 yellow
    star 2b50 yellow
    cloud 2601 white
    snowflake 2744 blue
    mountain 1f3d4 black`,
  objects: `
    clock 23f0
    umbrella 2602 purple
    key 1f511
    book 1f4d5
    anchor 2693
    hammer 1f528
    bell 1f514 yellow
    balloon 1f388
    gift 1f381 yellow
    guitar 1f3b8
    hat 1f3a9 black
    boot 1f462
    crown 1f451 yellow
    camera 1f4f7 black
    house 1f3e0 yellow
    heart 2764`,
};

/** Plurals that do more than add an s. */
const PLURALS: Readonly<Record<string, string>> = {
  fish: "fish",
  butterfly: "butterflies",
  strawberry: "strawberries",
  leaf: "leaves",
};

/** Every thing that pictures show, in the order of their labels. */
export const NOUNS: readonly Noun[] = Object.entries(TABLE).flatMap(([group, lines]) =>
  lines.trim().split("\n").map((line): Noun => {
    const [name, artwork, ...hiddenOn] = line.trim().split(" ") as [string, string, ...string[]];
    return {
      name,
      plural: PLURALS[name] ?? (/(ch|sh|x|s)$/.test(name) ? `${name}es` : `${name}s`),
      article: /^[aeiou]/.test(name) ? "an" : "a",
      group: group as NounGroup,
      artwork,
      hiddenOn,
    };
  })
);

const BY_NAME = new Map(NOUNS.map((noun) => [noun.name, noun]));

/** The noun of this name; throws a RangeError when there is none. */
export function nounNamed(name: string): Noun {
  const noun = BY_NAME.get(name);
  if (!noun) throw new RangeError(`There is no noun "${name}": expected one of NOUNS`);
  return noun;
}
