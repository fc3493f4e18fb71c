import { basename, join, relative } from "node:path";
import { type Budget, type HandedIn, readArchive } from "./archive.ts";
import type { Submission } from "./find_submissions.ts";

/** The notebooks that a learner handed in, and what could not be read. */
export interface Files {
  notebooks: HandedIn[];
  /** Sentences. */
  problems: string[];
}

/** Bytes of a notebook, and of an archive, that are read at most. */
const LARGEST_NOTEBOOK = 30e6, LARGEST_ARCHIVE = 100e6;
/** Bytes of all notebooks of a learner. */
const LARGEST_SUBMISSION = 200e6;
/** Folders within folders, and files in all of them. */
const DEEPEST = 8, MOST = 5000;

const isNotebook = (path: string) => /\.ipynb$/i.test(path) && !isJunk(path);
const isArchive = (path: string) => /\.zip$/i.test(path) && !isJunk(path);
/** What systems and editors leave behind. */
const isJunk = (path: string) =>
  path.split(/[/\\]/).some((name) => /^(\.|__MACOSX$|node_modules$)/.test(name));

/** Reads the notebooks of a submission, out of its folders and zip archives; what fails becomes a problem. */
export async function readFiles({ sources }: Submission): Promise<Files> {
  const files: Files = { notebooks: [], problems: [] };
  const budget: Budget = { bytes: LARGEST_SUBMISSION };
  for (const source of sources) {
    const { isDirectory } = await Deno.lstat(source);
    const paths = isDirectory ? await filesBelow(source, files.problems) : [source];
    for (const path of paths) {
      await readSource(path, isDirectory ? relative(source, path) : basename(path), files, budget);
    }
  }
  return files;
}

async function readSource(
  path: string,
  label: string,
  files: Files,
  budget: Budget,
): Promise<void> {
  const problem = (what: string) => files.problems.push(`Cannot read ${label}: ${what}`);
  const notebook = isNotebook(label);
  const limit = notebook ? LARGEST_NOTEBOOK : LARGEST_ARCHIVE;
  try {
    if (!notebook && !isArchive(label)) {
      return void problem("this kind of archive is not known here; a zip archive is");
    }
    const { size } = await Deno.stat(path);
    if (size > limit) return void problem(`it is larger than ${limit / 1e6} MB`);
    if (budget.bytes < size) return void problem("too much was handed in");
    const bytes = await Deno.readFile(path);
    if (!notebook) return readArchiveInto(files, bytes, label, budget);
    budget.bytes -= size;
    files.notebooks.push({ path: label, bytes });
  } catch (error) {
    problem((error as Error).message);
  }
}

/** Unpacks an archive, and the archives that lie in it directly. */
function readArchiveInto(files: Files, bytes: Uint8Array, label: string, budget: Budget): void {
  const wanted = (path: string) => isNotebook(path) || isArchive(path);
  for (const file of readArchive(bytes, wanted, budget)) {
    if (isNotebook(file.path)) files.notebooks.push(file);
    else files.notebooks.push(...readArchive(file.bytes, isNotebook, budget));
  }
  if (files.notebooks.length === 0) files.problems.push(`${label} holds no notebook`);
}

/** Paths of the notebooks and archives in a folder and those below it; links are not followed. */
async function filesBelow(folder: string, problems: string[]): Promise<string[]> {
  const paths: string[] = [];
  let seen = 0;
  const visit = async (folder: string, depth: number): Promise<void> => {
    for await (const entry of Deno.readDir(folder)) {
      if (++seen > MOST || isJunk(entry.name) || entry.isSymlink) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory && depth < DEEPEST) await visit(path, depth + 1);
      else if (isNotebook(entry.name) || isArchive(entry.name)) paths.push(path);
    }
  };
  await visit(folder, 1);
  if (seen > MOST) problems.push(`It holds more than ${MOST} files; the rest was not looked at`);
  return paths.sort();
}
