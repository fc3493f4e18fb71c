import { parquetWriteBuffer } from "hyparquet-writer";
import { createRandom } from "@course/random.ts";
import { MONET_COLUMNS } from "@course/data/parquet/mod.ts";

/** Shape of stored latents in tests, channel-first. */
export const LATENT = [3, 2, 2] as const;
const SIZE = 12;

/** A row as MONET has them. */
export interface MonetRow {
  id: string;
  caption: string | null;
  aesthetic: number | null;
  nsfw: number | null;
  watermark: number | null;
  aspect: number | null;
  side: number | null;
  latent: number[] | null;
  embedding: number[] | null;
}

/** A row that every filter lets through; its latent counts up from its index. */
export function goodRow(index: number, change: Partial<MonetRow> = {}): MonetRow {
  return {
    id: `row-${index}`,
    caption: `picture number ${index}`,
    aesthetic: 6,
    nsfw: 0.01,
    watermark: 0.02,
    aspect: 1,
    side: 1024,
    latent: Array.from({ length: SIZE }, (_, i) => index + i),
    embedding: Array.from({ length: 512 }, (_, i) => i === index % 512 ? 4 : 0),
    ...change,
  };
}

/** How vectors are stored. */
export type Storage = "float16 list" | "float32 list" | "float16 bytes";

/** The bytes of a parquet file with the columns of MONET, and images that nobody asked for. */
export function monetFile(
  rows: readonly MonetRow[],
  {
    rowGroupSize = 10,
    storage = "float16 list" as Storage,
    codec = "SNAPPY" as const,
    offsetIndex = true,
    imageBytes = 20_000,
    pageSize = 1 << 20,
  } = {},
): Uint8Array<ArrayBuffer> {
  const scalars = [
    ["id", "STRING"],
    ["caption", "STRING"],
    ["aesthetic", "DOUBLE"],
    ["nsfw", "FLOAT"],
    ["watermark", "FLOAT"],
    ["aspect", "DOUBLE"],
    ["side", "INT64"],
  ] as const;
  const columnData = [
    ...scalars.map(([key, type]) => ({
      name: MONET_COLUMNS[key],
      data: rows.map((row) => type === "INT64" ? bigintOf(row[key]) : row[key]),
    })),
    {
      name: "jpg",
      data: rows.map((_, row) => {
        const random = createRandom(row);
        return Uint8Array.from({ length: imageBytes }, () => random.integer(256));
      }),
    },
    ...(["latent", "embedding"] as const).map((key) => ({
      name: MONET_COLUMNS[key],
      data: rows.map((row) => storage === "float16 bytes" ? bytesOf(row[key]) : row[key]),
    })),
  ];
  const scalarElement = { STRING: { type: "BYTE_ARRAY", converted_type: "UTF8" } } as Record<
    string,
    object
  >;
  const listElement = storage === "float16 list"
    ? { type: "FIXED_LEN_BYTE_ARRAY", type_length: 2, logical_type: { type: "FLOAT16" } }
    : { type: "FLOAT" };
  const optional = { repetition_type: "OPTIONAL" };
  const schema = [
    { name: "root", num_children: columnData.length },
    ...scalars.map(([key, type]) => {
      return { name: MONET_COLUMNS[key], ...(scalarElement[type] ?? { type }), ...optional };
    }),
    { name: "jpg", type: "BYTE_ARRAY", ...optional },
    ...(["latent", "embedding"] as const).flatMap((key) =>
      storage === "float16 bytes"
        ? [{ name: MONET_COLUMNS[key], type: "BYTE_ARRAY", ...optional }]
        : [
          { name: MONET_COLUMNS[key], converted_type: "LIST", num_children: 1, ...optional },
          { name: "list", num_children: 1, repetition_type: "REPEATED" },
          { name: "element", ...listElement, ...optional },
        ]
    ),
  ];
  const columns = columnData.map((column) => ({ ...column, offsetIndex }));
  const options = { columnData: columns, schema, rowGroupSize, codec, pageSize };
  // The types of the writer want literals where these tables hold texts.
  return new Uint8Array(parquetWriteBuffer(options as Parameters<typeof parquetWriteBuffer>[0]));
}

function bigintOf(value: unknown): bigint | null {
  return typeof value === "number" ? BigInt(value) : null;
}

function bytesOf(numbers: number[] | null): Uint8Array | null {
  return numbers && new Uint8Array(new Float16Array(numbers).buffer);
}
