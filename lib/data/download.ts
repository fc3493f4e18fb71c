import { createHash } from "node:crypto";
import { join } from "node:path";

/** How far a download has come; `total` is undefined where the server does not say. */
export interface DownloadProgress {
  name: string;
  received: number;
  total: number | undefined;
}

/** What {@linkcode downloadFile} fetches, from where to where. */
export interface Download {
  /** Name of the file in the folder, and below the mirrors. */
  name: string;
  /** Where the file lies below the mirrors, if not under its name. */
  path?: string;
  /** The file is accepted only if its SHA-256 is this, in hexadecimal; undefined accepts any. */
  sha256: string | undefined;
  folder: string;
  /** Base addresses, ending in a slash, tried in turn. */
  mirrors: readonly string[];
  onProgress?: (progress: DownloadProgress) => void;
  signal?: AbortSignal;
  /** Milliseconds without a byte after which a mirror counts as dead, 30,000 by default. */
  stallAfter?: number;
}

/**
 * Downloads a file unless it is already there, and says which.
 *
 * What has arrived is kept as `NAME.part`; the next try, on whatever mirror, asks for the rest of
 * it (HTTP Range). The file gets its name only once its SHA-256 is right; a wrong one is removed.
 * Throws an Error with the reason for each mirror when none gave the file.
 */
export async function downloadFile(download: Download): Promise<"present" | "downloaded"> {
  const { name, path = name, sha256, folder, mirrors } = download;
  const target = join(folder, name), partial = `${target}.part`;
  await makeFolder(folder);
  const here = await sha256File(target);
  if (here !== undefined && here === (sha256 ?? here)) return "present";

  const reasons: string[] = [];
  for (const mirror of mirrors) {
    // Twice: a broken connection goes on where it stopped, a bad partial file starts afresh.
    for (let attempt = 0; attempt < 2; attempt++) {
      try {
        await receive(new URL(path, mirror), partial, download);
        await accept(partial, target, sha256);
        return "downloaded";
      } catch (error) {
        download.signal?.throwIfAborted();
        if (isDiskError(error)) throw diskError(partial, error as Error);
        reasons.push(`${mirror}: ${(error as Error).message}`);
      }
    }
  }
  throw new Error(
    `Cannot download ${name}. ${[...new Set(reasons)].join("; ")}. ` +
      `Run the same command again to continue, or put the file into ${folder} yourself`,
  );
}

/** SHA-256 of a file in hexadecimal, or undefined where there is no such file. */
export async function sha256File(path: string): Promise<string | undefined> {
  try {
    using file = await Deno.open(path);
    const hash = createHash("sha256");
    for await (const chunk of file.readable) hash.update(chunk);
    return hash.digest("hex");
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Appends what the server has beyond the partial file. */
async function receive(url: URL, partial: string, download: Download): Promise<void> {
  const { name, onProgress, signal, stallAfter = 30_000 } = download;
  const stalled = new AbortController();
  const watch = () =>
    setTimeout(
      () => stalled.abort(new Error(`no byte for ${stallAfter / 1000} seconds`)),
      stallAfter,
    );
  let timer = watch();
  try {
    const have = await sizeOfFile(partial);
    const response = await fetch(url, {
      headers: have > 0 ? { range: `bytes=${have}-` } : {},
      signal: AbortSignal.any([stalled.signal, ...(signal ? [signal] : [])]),
    });
    // 416: nothing lies beyond what is here, so it is whole, or too long, which its hash will tell.
    if (response.status === 416) return await response.body?.cancel();
    if (!response.ok || !response.body) {
      await response.body?.cancel();
      throw new Error(`answered ${response.status} ${response.statusText}`.trim());
    }
    let received = continuesAt(response, have) ? have : 0;
    const rest = Number(response.headers.get("content-length") ?? NaN);
    const total = Number.isNaN(rest) ? undefined : received + rest;

    using file = await Deno.open(partial, { create: true, write: true });
    await file.truncate(received);
    await file.seek(received, Deno.SeekMode.Start);
    for await (const chunk of response.body) {
      clearTimeout(timer);
      await writeAll(file, chunk);
      received += chunk.length;
      onProgress?.({ name, received, total });
      timer = watch();
    }
    if (total !== undefined && received < total) {
      throw new Error(`the connection ended after ${received} of ${total} bytes`);
    }
  } finally {
    clearTimeout(timer);
  }
}

/** Whether the answer is the rest of the file: a server may also ignore Range and send it whole. */
function continuesAt(response: Response, have: number): boolean {
  if (response.status !== 206) return false;
  const start = response.headers.get("content-range")?.match(/^bytes (\d+)-/)?.[1];
  if (Number(start) !== have) {
    throw new Error(`answered with bytes from ${start ?? "nowhere"}, expected from ${have}`);
  }
  return true;
}

async function accept(
  partial: string,
  target: string,
  sha256: string | undefined,
): Promise<void> {
  const found = await sha256File(partial);
  if (sha256 !== undefined && found !== sha256) {
    await Deno.remove(partial);
    throw new Error(
      `the file came with SHA-256 ${found}, expected ${sha256}, and was removed`,
    );
  }
  await Deno.rename(partial, target);
}

async function writeAll(file: Deno.FsFile, chunk: Uint8Array): Promise<void> {
  for (let written = 0; written < chunk.length;) {
    written += await file.write(chunk.subarray(written));
  }
}

async function sizeOfFile(path: string): Promise<number> {
  try {
    return (await Deno.stat(path)).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await Deno.mkdir(folder, { recursive: true });
  } catch (error) {
    throw diskError(folder, error as Error);
  }
}

/** Errors that another mirror cannot help with: no permission, no space, a read-only disk. */
function isDiskError(error: unknown): boolean {
  const code = (error as { code?: string }).code ?? "";
  return error instanceof Deno.errors.PermissionDenied ||
    ["ENOSPC", "EROFS", "EDQUOT", "EACCES", "EISDIR"].includes(code);
}

function diskError(path: string, cause: Error): Error {
  return new Error(`Cannot write ${path}: ${cause.message}`, { cause });
}
