import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeWhole } from "../lessons/lesson_files.ts";
import type { SubmissionGrade } from "./grades.ts";
import type { Files } from "./read_files.ts";

/** Grades of earlier runs, one file for each submission. */
export interface Store {
  /** The grade of exactly these files, if it is known. */
  read(learner: string, files: Files): Promise<SubmissionGrade | undefined>;
  write(learner: string, files: Files, grade: SubmissionGrade): Promise<void>;
}

/**
 * Keeps grades in a folder. `rules` is a text that stands for how it is graded: a grade by other rules, or of other
 * files, is not known.
 */
export async function openStore(folder: string, rules: string): Promise<Store> {
  await Deno.mkdir(folder, { recursive: true });
  const pathOf = (learner: string) => {
    const readable = learner.replace(/[^\p{L}\p{N}]+/gu, "_").slice(0, 60);
    return join(folder, `${readable}-${sha256([learner]).slice(0, 8)}.json`);
  };
  return {
    async read(learner, files) {
      try {
        const { fingerprint, grade } = JSON.parse(await Deno.readTextFile(pathOf(learner)));
        return fingerprint === fingerprintOf(files, rules) ? grade : undefined;
      } catch {
        // There is none, or not a whole one.
        return undefined;
      }
    },
    async write(learner, files, grade) {
      const text = JSON.stringify({ fingerprint: fingerprintOf(files, rules), grade });
      await writeWhole(pathOf(learner), text);
    },
  };
}

/** A text that changes with anything that grades depend on in the course itself. */
export async function courseFingerprint(): Promise<string> {
  const course = fileURLToPath(new URL("../", import.meta.url));
  const parts: string[] = [];
  const visit = async (folder: string): Promise<void> => {
    const entries = await Array.fromAsync(Deno.readDir(folder));
    for (const { name, isDirectory } of entries.sort((a, b) => a.name < b.name ? -1 : 1)) {
      const path = join(folder, name);
      if (isDirectory) await visit(path);
      else if (name.endsWith(".ts")) parts.push(name, await Deno.readTextFile(path));
    }
  };
  await visit(course);
  return sha256(parts);
}

function fingerprintOf({ notebooks, problems }: Files, rules: string): string {
  return sha256([rules, ...problems, ...notebooks.flatMap(({ path, bytes }) => [path, bytes])]);
}

function sha256(parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) {
    const bytes = typeof part === "string" ? new TextEncoder().encode(part) : part;
    // With its length, so that parts cannot trade letters.
    hash.update(`${bytes.length} `);
    hash.update(bytes);
  }
  return hash.digest("hex");
}
