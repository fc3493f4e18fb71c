import { POOLED_WIDTH } from "../../text/prompt_encoder.ts";
import type { RowInfo, RowSource, SourceBlock, SourcePlace } from "../shards/mod.ts";
import { type FilterColumns, FILTERS, refusalOf, type RowFilters } from "./filters.ts";
import type { HttpOptions } from "./http_file.ts";
import { identityOf, listParquetFiles } from "./list_files.ts";
import { numberedRows, type TableReader } from "./table_reader.ts";
import { type ParquetRow, textOf, vectorOf } from "./rows.ts";

/** Names of the columns that are read. */
export interface MonetColumns extends FilterColumns {
  id: string;
  caption: string;
  /** Latents, channel-first. */
  latent: string;
  /** Vectors of 512 numbers, used where `vectors` is "column". */
  embedding: string;
}

/**
 * Names as public code that reads `jasperai/monet` uses them. `embedding` there is CLIP's vector of the image, which
 * lies in the same space as that of a text.
 */
export const MONET_COLUMNS: MonetColumns = {
  id: "id",
  caption: "caption_gemini-2.5-flash-lite",
  latent: "embedding_vae-dc-sana1p5-1p6b-1024px-tiling-128-resolution-512x512",
  embedding: "embedding_clip-vit-base-patch32",
  aesthetic: "aesthetic_jasperai",
  nsfw: "nsfw_jasperai",
  watermark: "wk_jasperai",
  aspect: "aspect_ratio",
  side: "least_dimension",
};

/** Options of {@linkcode openMonet}. */
export interface MonetOptions {
  /** A file, a folder, or an address: see {@linkcode listParquetFiles}. */
  source: string;
  /** Most rows that are kept; all by default. */
  max?: number;
  filters?: Partial<RowFilters>;
  columns?: Partial<MonetColumns>;
  /** "captions" to encode them, the default, or "column" for the vectors that come with rows. */
  vectors?: "captions" | "column";
  /** Brings vectors of the column to length 1; true by default. */
  normalise?: boolean;
  /** Shape of latents as they are stored: `[32, 16, 16]` by default. */
  latentShape?: readonly [channels: number, height: number, width: number];
  /** What latents are multiplied with to have about unit variance, 1 by default: the statistics tell. */
  latentScale?: number;
  http?: HttpOptions;
}

/** Where reading stands, and what came of the rows until there. */
export interface MonetPlace {
  /** Index of the file, and of the next row in it. */
  file: number;
  row: number;
  scanned: number;
  kept: number;
  /** How many rows were left out, by reason. */
  refused: Record<string, number>;
}

/**
 * Rows of MONET, or of parquet files with columns of the same kind, with latents channel-last and scaled.
 *
 * Only the columns that are needed are fetched, group by group: first those that filters look at, then latents and
 * vectors of groups in which something is kept.
 */
export async function openMonet(options: MonetOptions): Promise<RowSource> {
  const { source, max = Infinity, vectors = "captions", normalise = true, http } = options;
  const { latentShape: [channels, height, width] = [32, 16, 16], latentScale = 1 } = options;
  const filters = { ...FILTERS, ...options.filters };
  const columns = { ...MONET_COLUMNS, ...options.columns };
  if (!(Number.isFinite(latentScale) && latentScale !== 0)) {
    throw new RangeError(`Cannot scale latents by ${latentScale}: expected a number other than 0`);
  }
  const files = await listParquetFiles(source, http);
  const settings = { max, filters, columns, vectors, normalise, channels, height, width };
  const reader = numberedRows(files, wantedColumns(filters, columns, vectors));
  const size = channels * height * width;

  return {
    name: "monet",
    fingerprint: `monet:${identityOf(files)}:${JSON.stringify({ ...settings, latentScale })}`,
    description: `Rows of ${files.length} parquet files of ${source}`,
    size: max === Infinity ? undefined : max,
    holds: {
      kind: "latents",
      shape: [height, width, channels],
      codec: { name: columns.latent, fingerprint: `scaled by ${latentScale}` },
    },
    pooled: vectors === "column",
    read: (from, count) => readRows((from as MonetPlace | null) ?? START, count),
    dispose: reader.dispose,
  };

  async function readRows(from: MonetPlace, count: number): Promise<SourceBlock> {
    const place = { ...from, refused: { ...from.refused } };
    const rows: RowInfo[] = [], latents: Float32Array[] = [], embeddings: Float32Array[] = [];
    const wanted = Math.min(count, max - from.kept);
    while (rows.length < wanted && place.file < files.length) {
      const found = await nextGood(reader, place);
      if (!found) continue;
      rows.push(found.info);
      latents.push(found.latent);
      if (found.embedding) embeddings.push(found.embedding);
    }
    return {
      rows,
      data: join(latents, size),
      ...(vectors === "column" && { pooled: join(embeddings, POOLED_WIDTH) }),
      next: place,
      done: place.file === files.length || place.kept >= max,
    };
  }

  /** Takes one row, moves the place behind it and counts it; undefined if it is left out or there is none. */
  async function nextGood(reader: TableReader, place: MonetPlace) {
    const light = await reader.light(place.file, place.row);
    if (!light) {
      [place.file, place.row] = [place.file + 1, 0];
      return;
    }
    const row = place.row++;
    place.scanned++;
    const caption = textOf(light[columns.caption]);
    const reason = refusalOf(light, filters, columns) ?? (caption ? undefined : "no caption");
    const found = reason ?? unpack(await reader.heavy(place.file, row));
    if (typeof found === "string") {
      place.refused[found] = (place.refused[found] ?? 0) + 1;
      return;
    }
    place.kept++;
    const id = textOf(light[columns.id]) ?? `${files[place.file]!.name}:${row}`;
    return { info: { id, caption: caption! }, ...found };
  }

  function unpack(row: ParquetRow) {
    const latent = vectorOf(row[columns.latent], size);
    if (!latent) return `no latent of ${size} numbers`;
    const embedding = vectors === "column"
      ? vectorOf(row[columns.embedding], POOLED_WIDTH)
      : undefined;
    if (vectors === "column" && !embedding) return `no vector of ${POOLED_WIDTH} numbers`;
    return {
      latent: channelLast(latent, channels, height * width, latentScale),
      embedding: embedding && (normalise ? unit(embedding) : embedding),
    };
  }
}

/** What was scanned, kept and left out, in lines for people. */
export function describeScan({ scanned, kept, refused }: MonetPlace): string[] {
  const reasons = Object.entries(refused).sort(([, a], [, b]) => b - a);
  return [
    `${scanned.toLocaleString("en")} rows looked at, ${kept.toLocaleString("en")} kept`,
    ...reasons.map(([reason, count]) => `  ${count.toLocaleString("en")} left out: ${reason}`),
  ];
}

/** Whether a place is one of {@linkcode openMonet}. */
export function isMonetPlace(place: SourcePlace): place is MonetPlace {
  return typeof place === "object" && place !== null && "refused" in place;
}

const START: MonetPlace = { file: 0, row: 0, scanned: 0, kept: 0, refused: {} };

function wantedColumns(
  filters: RowFilters,
  columns: MonetColumns,
  vectors: "captions" | "column",
) {
  const used = (Object.keys(FILTERS) as (keyof RowFilters)[]).filter((name) =>
    filters[name] !== null
  );
  return {
    needed: [...used, "caption" as const].map((name) => columns[name]),
    optional: [columns.id],
    heavy: vectors === "column" ? [columns.latent, columns.embedding] : [columns.latent],
  };
}

/** `[C, P]` to `[P, C]`, scaled. */
function channelLast(
  latent: Float32Array,
  channels: number,
  pixels: number,
  scale: number,
): Float32Array {
  const turned = new Float32Array(latent.length);
  for (let c = 0; c < channels; c++) {
    for (let p = 0; p < pixels; p++) turned[p * channels + c] = latent[c * pixels + p]! * scale;
  }
  return turned;
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length > 0 ? vector.map((value) => value / length) : vector;
}

function join(parts: readonly Float32Array[], size: number): Float32Array<ArrayBuffer> {
  const whole = new Float32Array(parts.length * size);
  for (const [i, part] of parts.entries()) whole.set(part, i * size);
  return whole;
}
