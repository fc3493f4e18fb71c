import { join } from "node:path";
import { readCsv } from "./csv.ts";

/** An image that is to be read, and what it shows. */
export interface Captioned {
  /** Path below the folder, with forward slashes. */
  file: string;
  caption: string;
}

/** Something that was left out, and why, in words. */
export interface Skipped {
  /** The file, or the line of a table. */
  what: string;
  why: string;
}

/** Captions of a folder before any image has been read. */
export interface FolderCaptions {
  /** Where captions come from: `"captions.csv"`, or `"text files"`. */
  source: string;
  captioned: Captioned[];
  skipped: Skipped[];
}

/** Names that a column of file names or of captions may have. */
const FILE_COLUMNS = ["file_name", "filename", "file", "image", "path"];
const CAPTION_COLUMNS = ["caption", "text", "prompt"];

/**
 * Captions of the images in a folder: from its one table (CSV with a header, or JSONL), or else from a text file beside
 * each image (`dog.jpg` and `dog.txt`).
 *
 * `images` are the paths of all images below the folder. Throws a RangeError when there are several tables, or one
 * without the columns that are needed.
 */
export async function readCaptions(
  folder: string,
  images: readonly string[],
): Promise<FolderCaptions> {
  const table = await findTable(folder);
  if (table === undefined) return await readTextFiles(folder, images);
  const text = await Deno.readTextFile(join(folder, table));
  const { rows, skipped } = table.endsWith(".csv") ? csvRows(table, text) : jsonRows(table, text);
  const known = new Set(images), seen = new Set<string>(), captioned: Captioned[] = [];
  for (const { line, file, caption } of rows) {
    const skip = (why: string) => skipped.push({ what: `${table}, line ${line}`, why });
    if (!file) skip("it names no file");
    else if (!known.has(file)) skip(await whyNotThere(folder, file));
    else if (seen.has(file)) skip(`${file} already has a caption`);
    else if (!caption) skip(`${file} has an empty caption`);
    else captioned.push({ file, caption });
    if (file) seen.add(file);
  }
  for (const file of images) {
    if (!seen.has(file)) skipped.push({ what: file, why: `no line of ${table} names it` });
  }
  return { source: table, captioned, skipped };
}

async function findTable(folder: string): Promise<string | undefined> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  const tables = entries.filter(({ name, isFile }) => isFile && /\.(csv|jsonl)$/i.test(name))
    .map(({ name }) => name).sort();
  if (tables.length > 1) {
    throw new RangeError(
      `Cannot choose between ${tables.join(", ")} in ${folder}: keep one table of captions there`,
    );
  }
  return tables[0];
}

async function readTextFiles(folder: string, images: readonly string[]): Promise<FolderCaptions> {
  const captioned: Captioned[] = [], skipped: Skipped[] = [];
  for (const file of images) {
    const beside = file.replace(/\.\w+$/, ".txt");
    const text = await Deno.readTextFile(join(folder, beside)).catch(() => undefined);
    const caption = text && oneLine(text);
    if (caption) captioned.push({ file, caption });
    else {
      const why = text === undefined ? `there is no ${beside} beside it` : `${beside} is empty`;
      skipped.push({ what: file, why });
    }
  }
  return { source: "text files", captioned, skipped };
}

/** Rows of a table: the line where each stands, from 1, for people. */
interface Rows {
  rows: { line: number; file: string; caption: string }[];
  skipped: Skipped[];
}

function csvRows(table: string, text: string): Rows {
  const [header = [], ...rows] = readCsv(text);
  const names = header.map((name) => name.trim().toLowerCase());
  const column = (of: string, known: readonly string[]) => {
    const index = names.findIndex((name) => known.includes(name));
    if (index >= 0) return index;
    throw new RangeError(
      `Cannot read ${table}: its first line is "${header.join(",")}", expected a column of ${of} ` +
        `called ${known.join(", ")}`,
    );
  };
  const file = column("files", FILE_COLUMNS), caption = column("captions", CAPTION_COLUMNS);
  return {
    skipped: [],
    rows: rows.map((row, i) => ({
      line: i + 2,
      file: tidyPath(row[file] ?? ""),
      caption: oneLine(row[caption] ?? ""),
    })),
  };
}

function jsonRows(table: string, text: string): Rows {
  const rows: Rows["rows"] = [], skipped: Skipped[] = [];
  for (const [i, written] of text.split("\n").entries()) {
    if (written.trim() === "") continue;
    const row = parse(written);
    if (!row) {
      skipped.push({ what: `${table}, line ${i + 1}`, why: "it is not a JSON object" });
      continue;
    }
    const field = (names: readonly string[]) => {
      const name = names.find((name) => typeof row[name] === "string");
      return name === undefined ? "" : row[name] as string;
    };
    rows.push({
      line: i + 1,
      file: tidyPath(field(FILE_COLUMNS)),
      caption: oneLine(field(CAPTION_COLUMNS)),
    });
  }
  if (rows.length > 0 && rows.every(({ file }) => file === "")) {
    throw new RangeError(
      `Cannot read ${table}: none of its lines has a text in a field called ` +
        `${FILE_COLUMNS.join(", ")}`,
    );
  }
  return { rows, skipped };
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

async function whyNotThere(folder: string, file: string): Promise<string> {
  if (file.split("/").includes("..") || /^([/\\]|\w:)/.test(file)) {
    return `${file} lies outside the folder`;
  }
  const there = await Deno.stat(join(folder, file)).then(() => true, () => false);
  return there ? `${file} is not an image` : `${file} is not there`;
}

/** One way to write a path, so that names of tables and of the disk can be compared. */
function tidyPath(path: string): string {
  return path.trim().replaceAll("\\", "/").replace(/^(\.\/)+/, "");
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
