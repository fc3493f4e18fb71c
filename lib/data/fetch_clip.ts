import { createHash } from "node:crypto";
import { join } from "node:path";
import { writeFileWhole } from "../disk.ts";
import { CLIP_CACHE, CLIP_FILES } from "../text/clip.ts";
import { downloadFile, type DownloadProgress, sha256File } from "./download.ts";
import { askHub, type HubFile } from "./hub_file.ts";

/** Where CLIP's text model is published as ONNX. */
const SOURCE = {
  hub: "https://huggingface.co",
  repository: "Xenova/clip-vit-base-patch32",
  revision: "main",
};

/** What the files are called there. */
const REMOTE: Readonly<Record<string, string>> = {
  [CLIP_FILES.tokenizer]: "tokenizer.json",
  [CLIP_FILES.config]: "tokenizer_config.json",
  [CLIP_FILES.model]: "onnx/text_model.onnx",
};

/** Name of the file that says what was downloaded, and from where. */
const RECORD = "downloaded.json";

/** What was downloaded: later downloads and checks go by it. */
interface ClipRecord {
  source: string;
  /** The hub's commit, where it said so. */
  commit: string | null;
  files: Record<string, { sha256: string; size: number; checked: string }>;
}

/** Options of {@linkcode fetchClip}. */
export interface FetchClipOptions {
  folder?: string;
  /** Another hub, repository or revision than the public one. */
  source?: Partial<typeof SOURCE>;
  onProgress?: (progress: DownloadProgress) => void;
  signal?: AbortSignal;
  /** Milliseconds without a byte after which the hub counts as dead. */
  stallAfter?: number;
}

/** One of CLIP's files after {@linkcode fetchClip}. */
export interface FetchedFile {
  name: string;
  outcome: "present" | "downloaded";
  /** What the file was compared with. */
  checked: string;
}

/**
 * Downloads CLIP's text model and tokenizer (about 250 MB) unless they are there, and says what was done.
 *
 * Each file is compared with the checksum that the hub reports, and what came is written down: from then on the same
 * bytes are expected. A download that was broken off goes on where it stopped. Throws an Error of one sentence if the
 * hub cannot be reached, or has other files than those that were downloaded before.
 */
export async function fetchClip(options: FetchClipOptions = {}): Promise<FetchedFile[]> {
  const { folder = CLIP_CACHE, source } = options;
  const { hub, repository, revision } = { ...SOURCE, ...source };
  const at = (revision: string) => `${hub}/${repository}/resolve/${revision}/`;
  let record = await readRecord(folder);
  const done: FetchedFile[] = [];
  for (const [name, path] of Object.entries(REMOTE)) {
    const before = record?.files[name];
    if (before && await sha256File(join(folder, name)) === before.sha256) {
      done.push({ name, outcome: "present", checked: "as it was downloaded" });
      continue;
    }
    // All files come from the commit that the first one came from.
    const base = at(record?.commit ?? revision);
    const told = await ask(new URL(path, base), options);
    if (before && told.sha256 && told.sha256 !== before.sha256) {
      throw new Error(
        `The hub has another ${name} than was downloaded before (SHA-256 ${told.sha256}, not ` +
          `${before.sha256}): delete ${join(folder, RECORD)} to take it`,
      );
    }
    const outcome = await downloadFile({
      name,
      path,
      sha256: told.sha256 ?? before?.sha256,
      folder,
      mirrors: [base],
      ...pick(options, ["onProgress", "signal", "stallAfter"]),
    });
    const found = await check(join(folder, name), told);
    record = {
      source: `${hub}/${repository}`,
      commit: record?.commit ?? told.commit ?? null,
      files: { ...record?.files, [name]: found },
    };
    await writeFileWhole(join(folder, RECORD), `${JSON.stringify(record, null, 2)}\n`);
    done.push({ name, outcome, checked: found.checked });
  }
  return done;
}

/** Compares the files in a folder with what was downloaded; none if nothing was. */
export async function verifyClip(
  folder: string = CLIP_CACHE,
): Promise<{ name: string; state: "right" | "wrong" | "missing" }[]> {
  const record = await readRecord(folder);
  return await Promise.all(
    Object.keys(REMOTE).map(async (name) => {
      const found = await sha256File(join(folder, name));
      const right = found !== undefined && found === record?.files[name]?.sha256;
      return { name, state: found === undefined ? "missing" : right ? "right" : "wrong" };
    }),
  );
}

async function ask(url: URL, { signal }: FetchClipOptions): Promise<HubFile> {
  try {
    return await askHub(url, signal ? { signal } : {});
  } catch (error) {
    signal?.throwIfAborted();
    throw new Error(
      `Cannot fetch CLIP: ${(error as Error).message}. Run the same command again later, or use ` +
        "another text encoder, such as tower",
      { cause: error },
    );
  }
}

/** Compares a file that has come with what the hub said; removes it if it is another one. */
async function check(path: string, { size, sha256, gitSha1 }: HubFile) {
  const bytes = (await Deno.stat(path)).size, found = (await sha256File(path))!;
  const wrong = size !== undefined && size !== bytes
    ? `it has ${bytes} bytes, the hub says ${size}`
    : gitSha1 !== undefined && await gitSha1Of(path, bytes) !== gitSha1
    ? `its git checksum is not ${gitSha1}, as the hub says`
    : undefined;
  if (wrong) {
    await Deno.remove(path);
    throw new Error(`Cannot use ${path}: ${wrong}, so it was removed. Run the same command again`);
  }
  const checked = sha256
    ? "SHA-256 as the hub says"
    : gitSha1
    ? "git checksum as the hub says"
    : "the hub gave no checksum: taken as it came";
  return { sha256: found, size: bytes, checked };
}

async function gitSha1Of(path: string, size: number): Promise<string> {
  return createHash("sha1").update(`blob ${size}\0`).update(await Deno.readFile(path))
    .digest("hex");
}

async function readRecord(folder: string): Promise<ClipRecord | undefined> {
  try {
    return JSON.parse(await Deno.readTextFile(join(folder, RECORD)));
  } catch (error) {
    // A damaged record is as good as none: files are then compared with what the hub says.
    if (error instanceof Deno.errors.NotFound || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function pick<T extends object, K extends keyof T>(record: T, keys: readonly K[]): Pick<T, K> {
  const kept = keys.filter((key) => record[key] !== undefined);
  return Object.fromEntries(kept.map((key) => [key, record[key]])) as Pick<T, K>;
}
