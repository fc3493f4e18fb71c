import { basename, join, resolve } from "node:path";

/** What one learner handed in: files and folders that are not looked into yet. */
export interface Submission {
  learner: string;
  /** Whole paths. */
  sources: string[];
}

/** What a folder of submissions holds. */
export interface Submissions {
  submissions: Submission[];
  /** Names of files that are no submissions. */
  ignored: string[];
}

const NOTEBOOK = /\.ipynb$/i, ARCHIVE = /\.(zip|rar|7z|tar|tgz|gz|bz2|xz)$/i;

/**
 * Finds the submissions in a folder: each folder and each archive in it is one learner's; single notebooks belong
 * to the learner whose name stands beside that of a lesson. A folder with notebooks alone that are named as the
 * lessons is one learner's. `skip` is the folder that results are written to.
 */
export async function findSubmissions(
  folder: string,
  lessons: readonly string[],
  skip?: string,
): Promise<Submissions> {
  const found = new Map<string, string[]>(), ignored: string[] = [];
  const add = (learner: string, path: string) =>
    found.set(learner, [...found.get(learner) ?? [], path]);
  for (const entry of await entriesOf(folder)) {
    const { name } = entry, path = join(folder, name);
    if (
      /^(\.|__MACOSX$)/.test(name) || entry.isSymlink || (skip && resolve(path) === resolve(skip))
    ) {
      continue;
    }
    if (entry.isDirectory) add(name, path);
    else if (ARCHIVE.test(name)) add(name.replace(/(\.tar)?\.\w+$/, ""), path);
    else if (NOTEBOOK.test(name)) add(ownerOf(name, lessons) || basename(resolve(folder)), path);
    else ignored.push(name);
  }
  const submissions = [...found].map(([learner, sources]) => ({
    learner: learner.normalize("NFC").replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, "�"),
    sources: sources.sort(),
  }));
  const byName = new Intl.Collator("en", { numeric: true }).compare;
  submissions.sort((a, b) => byName(a.learner, b.learner));
  return { submissions, ignored: ignored.sort() };
}

async function entriesOf(folder: string): Promise<Deno.DirEntry[]> {
  try {
    return await Array.fromAsync(Deno.readDir(folder));
  } catch (error) {
    throw new RangeError(
      error instanceof Deno.errors.NotFound
        ? `There is no folder ${folder}`
        : (await isFile(folder))
        ? `${folder} is a file, not a folder: unpack it and name the folder that comes of it`
        : `Cannot read the folder ${folder}: ${(error as Error).message}`,
    );
  }
}

async function isFile(path: string): Promise<boolean> {
  return (await Deno.stat(path).catch(() => undefined))?.isFile ?? false;
}

/** "anna" of `01_flow_matching_anna.ipynb` or `anna - 01_flow_matching (2).ipynb`. */
function ownerOf(file: string, lessons: readonly string[]): string {
  const name = file.replace(NOTEBOOK, "");
  const lesson = lessons.find((lesson) => name.toLowerCase().includes(lesson.toLowerCase()));
  if (!lesson) return name;
  const at = name.toLowerCase().indexOf(lesson.toLowerCase());
  const rest = `${name.slice(0, at)} ${name.slice(at + lesson.length)}`;
  return rest.replace(/\(\d+\)|copy of|-copy\d*/gi, "").replace(/^[\s_.()-]+|[\s_.()-]+$/g, "");
}
