import type { Random } from "../../random.ts";
import type { Dataset, DatasetOptions } from "../dataset.ts";
import { streamRandom } from "../stream_random.ts";
import { compose } from "./compose.ts";
import { type PictureFacts, type Stage, STAGES } from "./facts.ts";
import { describe } from "./grammar.ts";
import { NOUNS } from "./nouns.ts";
import { sampleFacts } from "./sample.ts";
import { openAtlas } from "./sprites.ts";

/** Raised whenever the same seed gives other pictures or captions than before. */
export const PICTURES_VERSION = 4;

/** Two gigabytes of pixels: about the largest array that every machine can make. */
const MOST_BYTES = 2 ** 31;

/** Which pictures: those options of a dataset that decide about the picture of an index. */
export type PictureOptions = Pick<
  DatasetOptions,
  "split" | "seed" | "stage" | "imageSize" | "combinations"
>;

/** One picture by itself. */
export interface Picture {
  /** Pixels [S, S, 3], 0 … 255. */
  image: Uint8Array<ArrayBuffer>;
  caption: string;
  facts: PictureFacts;
}

/**
 * Captioned pictures of things, drawn from artwork, with the exact truth about each.
 *
 * The held-out split draws from another random stream, so it shares no image with the training one. Neither has
 * combinations of noun and colour that `combinations: "unseen"` asks for. Labels are the first object's noun.
 */
export async function pictures(
  options: DatasetOptions = {},
): Promise<Dataset & { captions: readonly string[]; facts: readonly PictureFacts[] }> {
  const { split = "train", seed = 0, stage, imageSize = 64, combinations = "seen" } = options;
  const { size = split === "train" && combinations === "seen" ? 20_000 : 2_000 } = options;
  const bytes = imageSize * imageSize * 3;
  if (size * bytes > MOST_BYTES) {
    throw new RangeError(
      `Cannot draw ${size} pictures of ${imageSize}×${imageSize}: they are kept in memory, at most ` +
        `${Math.floor(MOST_BYTES / bytes)} of them`,
    );
  }
  const draw = await openPictures(options);
  const images = new Uint8Array(size * bytes), labels = new Uint8Array(size);
  const captions: string[] = [], facts: PictureFacts[] = [];
  for (let index = 0; index < size; index++) {
    const drawn = draw(index, images.subarray(index * bytes, (index + 1) * bytes));
    labels[index] = NOUNS.findIndex(({ name }) => name === drawn.facts.objects[0]!.noun);
    captions.push(drawn.caption);
    facts.push(drawn.facts);
  }
  const part = `${stage ?? "all stages"}, ${combinations} combinations`;
  return {
    name: "pictures",
    size,
    shape: [imageSize, imageSize, 3],
    classes: NOUNS.map(({ name }) => name),
    images,
    labels,
    captions,
    facts,
    fingerprint: `pictures:version ${PICTURES_VERSION}:${part}:${imageSize} pixels:${split}:` +
      `seed ${seed}:size ${size}`,
    description: `Generated pictures with captions: ${size.toLocaleString("en")} images of ` +
      `${imageSize}×${imageSize} of the ${split} stream, ${part}, seed ${seed}, version ${PICTURES_VERSION}`,
  };
}

/**
 * One picture of {@linkcode pictures} by itself.
 *
 * Depends on the seed, the split, the stage, the combinations and the index alone.
 */
export async function pictureAt(index: number, options: PictureOptions = {}): Promise<Picture> {
  const { imageSize = 64 } = options;
  const image = new Uint8Array(imageSize * imageSize * 3);
  const draw = await openPictures(options);
  return { image, ...draw(index, image) };
}

/** Draws the picture of an index into an image [S, S, 3] and says what is in it. */
export type PictureDrawer = (index: number, image: Uint8Array) => Omit<Picture, "image">;

/** Loads the artwork, after which any picture can be drawn at once. */
export async function openPictures(options: PictureOptions = {}): Promise<PictureDrawer> {
  const { split = "train", seed = 0, imageSize = 64, combinations = "seen" } = options;
  checkOptions(options);
  const atlas = await openAtlas(imageSize);
  const stages = options.stage ? [options.stage] : stagesOf(combinations);
  return (index, image) => {
    const stage = stages[index % stages.length]!;
    const stream = 1 + (split === "train" ? 0 : 1) + 2 * (combinations === "seen" ? 0 : 1) +
      4 * STAGES.indexOf(stage);
    const random = streamRandom(seed, stream, index);
    const facts = sampleFacts(random, stage, { combinations });
    const caption = describe(facts, random);
    compose(facts, imageSize, random, atlas, image);
    return { caption, facts };
  };
}

/** Draws one picture of given facts, of `size` pixels, at random within them: pixels [size, size, 3]. */
export async function drawPicture(
  facts: PictureFacts,
  size: number,
  random: Random,
): Promise<Uint8Array<ArrayBuffer>> {
  const image = new Uint8Array(size * size * 3);
  compose(facts, size, random, await openAtlas(size), image);
  return image;
}

/** Nouns alone have no combinations. */
function stagesOf(combinations: "seen" | "unseen"): readonly Stage[] {
  return combinations === "seen" ? STAGES : STAGES.slice(1);
}

function checkOptions({ stage, imageSize = 64, combinations = "seen" }: PictureOptions): void {
  if (stage !== undefined && !STAGES.includes(stage)) {
    throw new RangeError(`There is no stage "${stage}": stages are ${STAGES.join(", ")}`);
  }
  if (combinations !== "seen" && combinations !== "unseen") {
    throw new RangeError(
      `There are no combinations "${combinations}": combinations are seen and unseen`,
    );
  }
  if (!(Number.isSafeInteger(imageSize) && imageSize >= 16 && imageSize <= 1024)) {
    throw new RangeError(
      `Cannot draw pictures of ${imageSize} pixels: expected a whole number from 16 to 1024`,
    );
  }
}

export { describe, pictureWords } from "./grammar.ts";
export { sampleFacts, type SampleOptions } from "./sample.ts";
export { type Noun, type NounGroup, NOUNS } from "./nouns.ts";
export { BACKGROUND_NAMES, BACKGROUNDS, COLOUR_NAMES, COLOURS, type Rgb } from "./colours.ts";
export { isUnseen } from "./combinations.ts";
export * from "./facts.ts";
