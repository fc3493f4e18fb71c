/** What the hub says about one of its files. */
export interface HubFile {
  /** Bytes; undefined where it does not say. */
  size: number | undefined;
  /** SHA-256 of a large file, in hexadecimal. */
  sha256: string | undefined;
  /** For a small file, the SHA-1 that git gives it: of `blob SIZE`, a zero byte and the contents. */
  gitSha1: string | undefined;
  /** The commit that a name such as `main` stands for now. */
  commit: string | undefined;
}

/**
 * Asks the hub about a file (`HUB/OWNER/NAME/resolve/REVISION/FILE`) without fetching it.
 *
 * The hub answers with the file's checksum and sends on to where its bytes are: only what the hub itself says counts.
 * Throws an Error of one sentence if it does not answer, or has no such file.
 */
export async function askHub(url: URL, options: { signal?: AbortSignal } = {}): Promise<HubFile> {
  // Renamed repositories are sent on to within the hub; a few times at most.
  for (let hop = 0; hop < 5; hop++) {
    const response = await fetch(url, { method: "HEAD", redirect: "manual", ...options });
    await response.body?.cancel();
    const next = response.headers.get("location");
    const moved = next === null ? undefined : new URL(next, url);
    const told = readHeaders(response.headers);
    if (moved && moved.host === url.host && !told.sha256 && !told.gitSha1) {
      url = moved;
      continue;
    }
    if (!response.ok && moved === undefined) {
      throw new Error(`${url} answered ${response.status} ${response.statusText}`.trim());
    }
    return told;
  }
  throw new Error(`${url} was sent on too often`);
}

function readHeaders(headers: Headers): HubFile {
  const tag = (headers.get("x-linked-etag") ?? headers.get("etag") ?? "").replace(/^W\/|"/g, "");
  const size = headers.get("x-linked-size") ?? headers.get("content-length");
  return {
    // A redirect's own length says nothing about the file.
    size: size === null || headers.has("location") && !headers.has("x-linked-size")
      ? undefined
      : Number(size),
    sha256: /^[0-9a-f]{64}$/.test(tag) ? tag : undefined,
    gitSha1: /^[0-9a-f]{40}$/.test(tag) ? tag : undefined,
    commit: headers.get("x-repo-commit") ?? undefined,
  };
}
