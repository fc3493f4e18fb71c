import * as tf from "@tensorflow/tfjs-core";
import { createHash } from "node:crypto";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** Where a run came from: enough to make it again. */
export interface Provenance {
  /** Start of the run, ISO 8601. */
  started: string;
  /** The command line that started it. */
  command: string;
  versions: { deno: string; typescript: string; tfjs: string; engine: string };
  /** Commit of the code, null outside a git checkout. */
  commit: string | null;
  /** Fingerprint of the code as it lay on the disk: it differs where files of the commit were changed. */
  code: string;
  /** Identifies the training data. */
  data: string;
  /** Operating system, processor type, number of threads. */
  machine: string;
}

/** Collects the provenance of a run that starts now. */
export async function collectProvenance(
  { command, engine, data, now = new Date() }: {
    command: string;
    /** Description of the device. */
    engine: string;
    data: string;
    now?: Date;
  },
): Promise<Provenance> {
  return {
    started: now.toISOString(),
    command,
    versions: {
      deno: Deno.version.deno,
      typescript: Deno.version.typescript,
      tfjs: tf.version_core,
      engine,
    },
    commit: await gitCommit(".") ?? null,
    code: await codeFingerprint(fileURLToPath(new URL("../../", import.meta.url))),
    data,
    machine: `${Deno.build.os}, ${Deno.build.arch}, ${navigator.hardwareConcurrency} threads`,
  };
}

/** SHA-256 over the names and contents of all `.ts` files in `lib` and `configs` below a folder. */
export async function codeFingerprint(root: string): Promise<string> {
  const hash = createHash("sha256");
  for (const name of await typescriptFiles(root, ["lib", "configs"])) {
    const text = await Deno.readTextFile(join(root, name));
    // With lengths, no two sets of files give the same bytes.
    hash.update(`${name} ${text.length}\n${text}`);
  }
  return hash.digest("hex");
}

/** Paths of all `.ts` files in some folders and below, relative to the root, with slashes, sorted. */
async function typescriptFiles(root: string, folders: string[]): Promise<string[]> {
  const found: string[] = [];
  for (const folder of folders) {
    for (const { name, isDirectory } of await Array.fromAsync(Deno.readDir(join(root, folder)))) {
      const path = `${folder}/${name}`;
      if (isDirectory) found.push(...await typescriptFiles(root, [path]));
      else if (name.endsWith(".ts")) found.push(path);
    }
  }
  return found.sort();
}

/**
 * The commit that is checked out at a folder or above it, read from git's own files, so that neither git nor the
 * permission to run it is needed; undefined where there is none.
 */
export async function gitCommit(folder: string): Promise<string | undefined> {
  for (let at = resolve(folder);; at = dirname(at)) {
    const head = await readGit(join(at, ".git"));
    if (head !== undefined) return head || undefined;
    if (dirname(at) === at) return undefined;
  }
}

/** The commit; "" if there is a repository without commits, undefined if there is no repository. */
async function readGit(git: string): Promise<string | undefined> {
  // In a worktree `.git` is a file that names the folder.
  const pointer = /^gitdir: (.+)$/m.exec(await readText(git) ?? "")?.[1];
  if (pointer) git = isAbsolute(pointer) ? pointer : join(dirname(git), pointer);
  const head = (await readText(join(git, "HEAD")))?.trim();
  if (head === undefined) return undefined;
  const reference = /^ref: (.+)$/.exec(head)?.[1];
  if (!reference) return head;
  const common = (await readText(join(git, "commondir")))?.trim();
  const shared = common ? join(git, common) : git;
  const loose = await readText(join(shared, reference));
  if (loose) return loose.trim();
  const packed = await readText(join(shared, "packed-refs")) ?? "";
  const line = packed.split("\n").find((line) => line.endsWith(` ${reference}`));
  return line?.split(" ")[0] ?? "";
}

/** The text of a file; undefined if it is not there, is a folder, or may not be read. */
async function readText(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch {
    return undefined;
  }
}
