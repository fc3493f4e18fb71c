import { createRandom, forkRandom, type Random, type RandomState } from "../../random.ts";
import { collate, type LatentBatch, type ShardRow } from "./latent_batch.ts";
import type { RowStream, RowStreamState } from "./row_stream.ts";

/** Share of each stream in a batch: any scale, 0 or left out for none. */
export type StreamWeights<Name extends string> = Partial<Record<Name, number>>;

/** Where a mixture stands: plain, so that it can be written to JSON. */
export interface MixState {
  random: RandomState;
  streams: Record<string, RowStreamState>;
}

/** Rows drawn from several streams; one call at a time. */
export interface MixedStream<Name extends string> {
  names: readonly Name[];
  /** A batch with these weights; all streams equally by default. */
  next(weights?: StreamWeights<Name>): Promise<LatentBatch>;
  layout: RowStream["layout"];
  save(): MixState;
  /** Continues exactly where `save()` was called. */
  restore(state: MixState): void;
}

/**
 * Mixes streams: the stream of each row is drawn with the weights of that call, so that a curriculum can shift them
 * from batch to batch. Within each stream every row still comes once per epoch.
 *
 * Throws a RangeError if the streams' rows have different shapes.
 */
export function mixStreams<Name extends string>(
  streams: Readonly<Record<Name, RowStream>>,
  { seed, batchSize }: { seed: number; batchSize: number },
): MixedStream<Name> {
  const names = Object.keys(streams) as Name[];
  const layout = sharedLayout(streams);
  const even = Object.fromEntries(names.map((name) => [name, 1])) as StreamWeights<Name>;
  let random = forkRandom(seed, "mixture");

  return {
    names,
    layout,
    async next(weights = even) {
      const drawn = draw(names, weights, batchSize, random);
      const rows: ShardRow[] = new Array(batchSize);
      for (const name of names) {
        const places = [...drawn.keys()].filter((i) => drawn[i] === name);
        const taken = await streams[name].take(places.length);
        for (const [i, place] of places.entries()) rows[place] = taken[i]!;
      }
      return collate(rows, layout);
    },
    save: () => ({
      random: random.save(),
      streams: Object.fromEntries(names.map((name) => [name, streams[name].save()])),
    }),
    restore(state) {
      for (const name of names) {
        const saved = state.streams[name];
        if (!saved) throw new RangeError(`The saved position has no stream "${name}"`);
        streams[name].restore(saved);
      }
      random = createRandom(state.random);
    },
  };
}

function draw<Name extends string>(
  names: readonly Name[],
  weights: StreamWeights<Name>,
  count: number,
  random: Random,
): Name[] {
  const shares = names.map((name) => weights[name] ?? 0);
  const sum = shares.reduce((sum, share) => sum + share, 0);
  const unknown = Object.keys(weights).find((name) => !names.includes(name as Name));
  if (
    unknown !== undefined || !shares.every((share) => share >= 0) || !(sum > 0 && sum < Infinity)
  ) {
    throw new RangeError(
      `Cannot mix with weights ${JSON.stringify(weights)}: expected numbers from 0 for ` +
        `${names.join(", ")}, one of them above 0`,
    );
  }
  return Array.from({ length: count }, () => {
    let left = random.uniform() * sum, last = names[0]!;
    for (const [i, share] of shares.entries()) {
      if (share === 0) continue;
      last = names[i]!;
      if ((left -= share) < 0) break;
    }
    return last; // Rounding may leave a crumb after the last one.
  });
}

function sharedLayout(streams: Readonly<Record<string, RowStream>>): RowStream["layout"] {
  const entries = Object.entries(streams), [first] = entries;
  if (!first) throw new RangeError("Cannot mix no streams: give at least one");
  const shapes = (name: string) => {
    const { latentShape, text } = streams[name]!.layout;
    return `latents [${latentShape.join(", ")}], ` +
      (text ? `${text.length} tokens of ${text.tokenWidth}` : "no texts");
  };
  for (const [name] of entries) {
    if (shapes(name) === shapes(first[0])) continue;
    throw new RangeError(
      `Cannot mix ${first[0]} (${shapes(first[0])}) with ${name} (${shapes(name)}): ` +
        "prepare them with the same codec, image size and text encoder",
    );
  }
  return first[1].layout;
}
