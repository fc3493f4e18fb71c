import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { basename, join } from "node:path";
import type { AsyncBuffer } from "hyparquet";
import { fetchRetrying, type HttpOptions, openHttpFile } from "./http_file.ts";

/** A parquet file that can be opened. */
export interface ParquetFile {
  /** Path below the source. */
  name: string;
  /** Differs whenever the content does, as far as can be told without reading it. */
  identity: string;
  open(): Promise<OpenFile>;
}

/** An open file; `close()` gives it back. */
export interface OpenFile {
  buffer: AsyncBuffer;
  close(): Promise<void>;
}

/**
 * The parquet files of a source, by name: one file, a folder with all below it, the address of one file, or a dataset
 * of the hub, `https://HOST/datasets/OWNER/NAME`, or a folder of it, `…/tree/REVISION/FOLDER`.
 *
 * Throws a RangeError where there are none.
 */
export async function listParquetFiles(
  source: string,
  options: HttpOptions = {},
): Promise<ParquetFile[]> {
  const files = /^https?:\/\//.test(source)
    ? await remoteFiles(new URL(source), options)
    : await localFiles(source);
  if (files.length === 0) throw new RangeError(`There are no parquet files in ${source}`);
  return files.sort((a, b) => a.name < b.name ? -1 : 1);
}

/** Identifies a list of files. */
export function identityOf(files: readonly ParquetFile[]): string {
  const hash = createHash("sha256");
  for (const { name, identity } of files) hash.update(`${name}\n${identity}\n`);
  return hash.digest("hex").slice(0, 16);
}

async function localFiles(source: string): Promise<ParquetFile[]> {
  let info;
  try {
    info = await Deno.stat(source);
  } catch (error) {
    throw new RangeError(`Cannot read ${source}: ${(error as Error).message}`);
  }
  const paths: string[] = [];
  if (info.isFile) paths.push(source);
  else await collect(source, paths);
  return await Promise.all(paths.map(async (path) => {
    const { size } = await Deno.stat(path);
    return {
      name: path === source ? basename(path) : path.slice(source.length + 1),
      identity: `${size} bytes`,
      open: () => openLocal(path, size),
    };
  }));
}

async function collect(folder: string, paths: string[]): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) await collect(join(folder, name), paths);
    else if (name.endsWith(".parquet")) paths.push(join(folder, name));
  }
}

async function openLocal(path: string, byteLength: number): Promise<OpenFile> {
  const handle = await open(path);
  return {
    buffer: {
      byteLength,
      async slice(start, end = byteLength) {
        const bytes = new Uint8Array(end - start);
        const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
        if (bytesRead < bytes.length) throw new Error(`${path} ends at byte ${start + bytesRead}`);
        return bytes.buffer;
      },
    },
    close: () => handle.close(),
  };
}

/** What the hub says about a file of a dataset. */
interface HubEntry {
  type: string;
  path: string;
  size: number;
  oid: string;
}

const NOTHING = () => Promise.resolve();

async function remoteFiles(url: URL, options: HttpOptions): Promise<ParquetFile[]> {
  const openAt = (address: string, size?: number) => async () => {
    return { buffer: await openHttpFile(address, { ...options, size }), close: NOTHING };
  };
  if (url.pathname.endsWith(".parquet")) {
    return [{ name: basename(url.pathname), identity: url.href, open: openAt(url.href) }];
  }
  const parts = /^\/datasets\/([^/]+\/[^/]+)(?:\/tree\/([^/]+)(?:\/(.+?))?)?\/?$/.exec(
    url.pathname,
  );
  if (!parts) {
    throw new RangeError(
      `Cannot list ${url.href}: expected the address of a .parquet file, or of a dataset as in ` +
        "https://huggingface.co/datasets/OWNER/NAME or …/tree/main/FOLDER",
    );
  }
  const [, repository, revision = "main", folder = ""] = parts;
  const list = `${url.origin}/api/datasets/${repository}/tree/${revision}/${folder}`;
  const files: ParquetFile[] = [];
  let page: string | undefined = `${list.replace(/\/$/, "")}?recursive=true`;
  while (page !== undefined) {
    const address: string = page;
    const { entries, next } = await fetchRetrying(address, {}, async (response) => {
      const entries: HubEntry[] = await response.json();
      return { entries, next: nextPage(response.headers.get("link"), address) };
    }, options);
    for (const { type, path, size, oid } of entries) {
      if (type !== "file" || !path.endsWith(".parquet")) continue;
      const address = `${url.origin}/datasets/${repository}/resolve/${revision}/${path}`;
      files.push({ name: path, identity: oid, open: openAt(address, size) });
    }
    page = next;
  }
  return files;
}

/** The address after `rel="next"` of a Link header (RFC 8288). */
function nextPage(link: string | null, page: string): string | undefined {
  const next = link?.match(/<([^>]+)>;\s*rel="?next"?/)?.[1];
  return next === undefined ? undefined : new URL(next, page).href;
}
