import type { DatasetOptions, Split } from "../data/mod.ts";
import { type Stage, STAGES } from "../data/pictures/facts.ts";
import {
  type MixedStream,
  mixStreams,
  openShards,
  prepareCached,
  type PrepareProgress,
  type Shards,
} from "../data/shards/mod.ts";
import type { Device } from "../engine/mod.ts";
import { type LatentCodec, openCodec } from "../latents/mod.ts";
import type { ImageShape } from "../models/mod.ts";
import { openTextEncoder, type PromptEncoder } from "../text/mod.ts";
import type { TrainConfig } from "./config.ts";
import type { TextRows } from "./examples.ts";
import { meanWeight } from "./text_feed.ts";
import { joinRows, recordedEncoder } from "./text_rows.ts";

/** Prepared latents (or pixels) with encoded captions, and what encodes and decodes more of them. */
export interface TextData {
  /** Shape of one x0. */
  shape: ImageShape;
  encoder: PromptEncoder;
  /** Absent where the model works on pixels, or where nothing here can decode the latents. */
  codec?: LatentCodec | undefined;
  /** Whether x0 can be shown: pixels, or latents with a codec. */
  visible: boolean;
  /** Whether prompts are about things whose pictures can be judged: captions of `pictures`. */
  judged: boolean;
  /** Rows to learn from, endlessly; one name for each stage of captions. */
  stream(batchSize: number): MixedStream<string>;
  /** Rows kept aside. */
  heldout: TextRows;
  /** The first rows that are learned from. */
  learned(count: number): Promise<TextRows>;
  fingerprint: string;
  description: string;
  dispose(): Promise<void>;
}

/** Options of {@linkcode openTextData}. */
export interface TextDataOptions {
  device?: Device;
  /** Where prepared shards are kept, instead of `datasets/cache/shards`. */
  root?: string;
  /** Hears which part is being prepared, and how far it is. */
  onProgress?: (part: string, progress: PrepareProgress) => void;
  signal?: AbortSignal;
}

/**
 * Opens what a config with `text` learns from. Pictures, or your own, are prepared first where that was not done:
 * encoded into shards, stage by stage; stopped or killed, that goes on where it was.
 */
export async function openTextData(
  config: TrainConfig,
  options: TextDataOptions = {},
): Promise<TextData> {
  return config.data.name === "shards"
    ? await readyData(config, options)
    : await preparedData(config, options);
}

/** Data that is prepared here. */
async function preparedData(config: TrainConfig, options: TextDataOptions): Promise<TextData> {
  const { data } = config, encoder = await openTextEncoder(config.text!.encoder);
  const codec = await codecOf(config, options);
  const stages = data.name === "pictures" ? data.stage ? [data.stage] : STAGES : [undefined];
  const root = options.root === undefined ? {} : { root: options.root };

  async function prepare(split: Split, stage: Stage | undefined, size: number) {
    const part = [stage, split === "heldout" ? "kept aside" : undefined].filter(Boolean).join(", ");
    const { onProgress, signal } = options;
    const folder = await prepareCached({
      ...root,
      dataset: data.name,
      data: dataOptions(config, split, stage, size),
      encoder,
      ...(codec && { codec }),
      ...(onProgress && { onProgress: (progress) => onProgress(part || data.name, progress) }),
      ...(signal && { signal }),
    });
    return await openShards(folder);
  }

  const learned: Record<string, Shards> = {}, aside: TextRows[] = [];
  const each = (size: number) => size > 0 ? Math.ceil(size / stages.length) : size;
  for (const stage of stages) {
    const share = stage && stages.length > 1 ? shareOf(config, stage) : 1;
    const size = data.size > 0 ? Math.max(1, Math.ceil(data.size * share)) : data.size;
    learned[stage ?? data.name] = await prepare("train", stage, size);
    const rows = await prepare("heldout", stage, each(config.heldout.images));
    aside.push(await rows.read(0, Math.min(rows.rows, each(config.heldout.images))));
  }
  return assemble(config, learned, { heldout: joinRows(aside), encoder, codec });
}

/** How much of the rows a stage gets: as much as of the batches, so that no stage's rows come more often than others'. */
function shareOf({ curriculum }: TrainConfig, stage: Stage): number {
  if (!curriculum?.length) return 1 / STAGES.length;
  // In thousandths, so that the sizes of parts are round numbers.
  return Math.round(1000 * meanWeight(curriculum, stage)) / 1000;
}

/** Data that was prepared before: a folder of shards, of which the last is kept aside. */
async function readyData(config: TrainConfig, options: TextDataOptions): Promise<TextData> {
  const { folder } = config.data;
  if (folder === undefined) {
    throw new RangeError("Name the folder of prepared shards: --set data.folder=FOLDER");
  }
  const { damaged = "refuse" } = config.data;
  const all = await openShards(folder, {
    damaged,
    onDamaged: ({ file, reason }) => console.warn(`Left out: ${file} in ${folder} (${reason})`),
  });
  const { text } = all.manifest;
  if (!text) {
    throw new RangeError(
      `The shards in ${folder} hold no text vectors: prepare them with --text tower`,
    );
  }
  const last = all.manifest.shards.at(-1)!.rows, rest = all.rows - last;
  if (rest === 0) {
    throw new RangeError(
      `The shards in ${folder} are one file of ${last} rows: at least two are needed, since the ` +
        "last one is kept aside; prepare them with a smaller --shard-mb",
    );
  }
  const train = await openShards(folder, { except: 1, damaged });
  const kept = await all.read(rest, Math.min(last, config.heldout.images));
  if (kept.captions.length === 0) {
    throw new RangeError(
      `The last shard in ${folder} is damaged, but it is kept aside to judge by: prepare it again`,
    );
  }
  const encoder = text.name === config.text!.encoder
    ? await openTextEncoder(text.name).catch(() => recordedEncoder(kept, text))
    : recordedEncoder(kept, text);
  const codec = config.latents && await codecOf(config, options);
  return assemble(config, { [all.manifest.dataset.name]: train }, {
    heldout: kept,
    encoder,
    codec,
  });
}

function assemble(
  config: TrainConfig,
  learned: Record<string, Shards>,
  rest: { heldout: TextRows; encoder: PromptEncoder; codec: LatentCodec | undefined },
): TextData {
  const parts = Object.entries(learned), shape = parts[0]![1].layout.latentShape as ImageShape;
  const { codec, encoder } = rest, { manifest } = parts[0]![1];
  const rows = parts.reduce((sum, [, shards]) => sum + shards.rows, 0);
  return {
    shape,
    ...rest,
    visible: codec !== undefined || shape[2] === 3 || shape[2] === 1,
    judged: manifest.dataset.name === "pictures",
    stream(batchSize) {
      const streams = parts.map(([name, shards]) =>
        [name, shards.stream({ batchSize, seed: config.seed })] as const
      );
      return mixStreams(Object.fromEntries(streams), { seed: config.seed, batchSize });
    },
    async learned(count) {
      const each = Math.ceil(count / parts.length);
      return joinRows(
        await Promise.all(
          parts.map(([, shards]) => shards.read(0, Math.min(each, shards.rows))),
        ),
      );
    },
    fingerprint: parts.map(([name, shards]) => `${name} ${shards.fingerprint}`).join("; "),
    description: `${rows.toLocaleString("en")} rows of ${manifest.dataset.name} (${
      parts.map(([name]) => name).join(", ")
    }), ${shape.join("×")} from ${manifest.codec.name}, texts from ${manifest.text?.name}`,
    async dispose() {
      await Promise.all([codec?.dispose(), encoder.dispose()]);
    },
  };
}

async function codecOf(
  { latents }: TrainConfig,
  { device }: TextDataOptions,
): Promise<LatentCodec | undefined> {
  return latents && await openCodec(latents.codec, device ? { device } : {});
}

function dataOptions(
  { data }: TrainConfig,
  split: Split,
  stage: Stage | undefined,
  size: number,
): DatasetOptions {
  return {
    split,
    seed: data.seed,
    // A folder has the pictures that it has: what is kept aside is a share of them.
    ...(size > 0 && (data.name !== "folder" || split === "train") && { size }),
    ...(stage && { stage }),
    ...(data.imageSize !== undefined && { imageSize: data.imageSize }),
    ...(data.folder !== undefined && { folder: data.folder }),
  };
}
