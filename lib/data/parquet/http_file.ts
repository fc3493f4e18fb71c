import type { AsyncBuffer } from "hyparquet";

/** Options of {@linkcode openHttpFile} and {@linkcode fetchRetrying}. */
export interface HttpOptions {
  /** How often a request is tried before it counts as failed, 4 by default. */
  attempts?: number;
  /** Milliseconds before the second try, twice as long before each later one; 1,000 by default. */
  pause?: number;
  /** Milliseconds after which a request counts as dead, 60,000 by default. */
  timeout?: number;
}

/**
 * A file on a server of which only the pieces that are asked for are fetched (HTTP Range).
 *
 * Throws an Error that names the address when a piece does not come after several tries.
 */
export async function openHttpFile(
  url: string,
  { size, ...options }: HttpOptions & { size?: number | undefined } = {},
): Promise<AsyncBuffer> {
  const byteLength = size ?? await sizeOf(url, options);
  return {
    byteLength,
    async slice(start, end = byteLength) {
      const range = `bytes=${start}-${end - 1}`;
      return await fetchRetrying(url, { headers: { range } }, async (response) => {
        if (response.status !== 206) throw new Final("the server does not send parts of files");
        const bytes = await response.arrayBuffer();
        if (bytes.byteLength !== end - start) {
          throw new Error(`${bytes.byteLength} bytes came for ${range}, expected ${end - start}`);
        }
        return bytes;
      }, options);
    },
  };
}

/**
 * Fetches and reads an answer; tries again where trying again may help: no connection, a broken one, a busy server.
 */
export async function fetchRetrying<T>(
  url: string,
  init: RequestInit,
  read: (response: Response) => Promise<T>,
  { attempts = 4, pause = 1000, timeout = 60_000 }: HttpOptions = {},
): Promise<T> {
  for (let attempt = 1;; attempt++) {
    let response: Response | undefined;
    try {
      response = await fetch(url, { ...init, signal: AbortSignal.timeout(timeout) });
      if (!response.ok) {
        const answer = `answered ${response.status} ${response.statusText}`.trim();
        const busy = response.status === 429 || response.status >= 500;
        throw busy ? new Error(answer) : new Final(answer);
      }
      return await read(response);
    } catch (error) {
      await response?.body?.cancel().catch(() => {});
      const hopeless = error instanceof Final || error instanceof Deno.errors.NotCapable;
      if (hopeless || attempt === attempts) {
        throw new Error(`Cannot read ${url}: ${reasonOf(error as Error)}`, { cause: error });
      }
      await new Promise((resolve) => setTimeout(resolve, pause * 2 ** (attempt - 1)));
    }
  }
}

/** "fetch failed" alone says little: what lies behind it says why. */
function reasonOf({ message, cause }: Error): string {
  return cause instanceof Error ? `${message} (${cause.message})` : message;
}

/** Something that trying again does not help. */
class Final extends Error {}

async function sizeOf(url: string, options: HttpOptions): Promise<number> {
  return await fetchRetrying(url, { headers: { range: "bytes=0-0" } }, async (response) => {
    await response.body?.cancel();
    const total = response.headers.get("content-range")?.match(/\/(\d+)$/)?.[1];
    if (total === undefined) throw new Final("the server does not send parts of files");
    return Number(total);
  }, options);
}
