/**
 * Makes a folder of submissions as a class might hand them in:
 *
 *     deno run --allow-read --allow-write tests/course/grading/make_class.ts FOLDER 200
 */
import * as tf from "@tensorflow/tfjs-core";
import { zipSync } from "fflate";
import { join } from "node:path";
import { formatNotebook, type Notebook } from "../../../lib/jupyter/notebook_format.ts";
import { buildLesson } from "../../../lib/course/lessons/lesson_files.ts";
import { callInProcess } from "../../../lib/course/call_in_process.ts";
import type { Exercise } from "../../../lib/course/exercise.ts";
import { LESSONS } from "../../../lib/course/lessons.ts";
import { readSolutions, type Solution } from "../../../lib/course/solutions.ts";
import { createRandom, type Random } from "../../../lib/random.ts";
import { HOSTILE } from "../sandbox/hostile/mod.ts";

/** A lesson, as it is handed out, and its answers. */
interface Template {
  name: string;
  notebook: Notebook;
  solutions: readonly Solution[];
  /** By exercise: answers with planted bugs, as text. */
  bugs: ReadonlyMap<string, readonly string[]>;
}

/** How a learner answers exercises, and what part of a class does so. */
const KINDS = {
  good: { share: 0.35, answer: right },
  partial: { share: 0.4, answer: someRight },
  bad: { share: 0.15, answer: wrong },
  hostile: { share: 0.1, answer: hostile },
} as const;

type Kind = keyof typeof KINDS;

/** Makes the submissions of a class; returns the kind of each by name. No two answers are the same text. */
export async function makeClass(
  folder: string,
  count: number,
  random: Random,
): Promise<Map<string, Kind>> {
  const templates = await Promise.all(LESSONS.map(async (lesson): Promise<Template> => ({
    name: lesson.name,
    notebook: await buildLesson(lesson),
    solutions: [...(await readSolutions(lesson)).values()],
    bugs: new Map(
      await Promise.all(
        (await lesson.exercises()).map(async (exercise) =>
          [exercise.id, await bugTexts(exercise)] as const
        ),
      ),
    ),
  })));
  const kinds = new Map<string, Kind>();
  for (let i = 0; i < count; i++) {
    const learner = `${NAMES[i % NAMES.length]} ${i + 1}`;
    const kind = drawKind(random);
    kinds.set(learner, kind);
    const files = templates.map((template) => ({
      name: `${template.name}.ipynb`,
      text: formatNotebook(
        answered(
          template,
          (solution) =>
            KINDS[kind].answer(solution, random, template.bugs.get(solution.id) ?? []) +
            `\n// ${learner}`,
        ),
      ),
    }));
    await handIn(folder, learner, files, i % 2 === 0);
  }
  return kinds;
}

const NAMES = [
  ...[
    "Anna Müller",
    "Łukasz Nowak",
    "José García",
    "Zoë O’Neill",
    "李 伟",
    "田中 さくら",
    "محمد علي",
  ],
  ...["Ngô Bảo", "Smith, John", "Åsa-Lena Öberg", "Ирина Петрова", "Dvořák"],
];

async function handIn(
  folder: string,
  learner: string,
  files: readonly { name: string; text: string }[],
  zipped: boolean,
): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  if (zipped) {
    const content = Object.fromEntries(files.flatMap(({ name, text }) => [
      [`homework/${name}`, new TextEncoder().encode(text)],
      [`__MACOSX/homework/._${name}`, new Uint8Array(120)],
    ]));
    return await Deno.writeFile(join(folder, `${learner}.zip`), zipSync(content, { level: 1 }));
  }
  await Deno.mkdir(join(folder, learner), { recursive: true });
  for (const { name, text } of files) await Deno.writeTextFile(join(folder, learner, name), text);
}

/** The notebook with another code in the cell of each exercise. */
export function answered(
  { notebook, solutions }: Pick<Template, "notebook" | "solutions">,
  answer: (solution: Solution) => string,
): Notebook {
  return {
    ...notebook,
    cells: notebook.cells.map((cell) => {
      const solution = solutions.find(({ id }) => cell.metadata.tags?.includes(id));
      return cell.cell_type === "code" && solution ? { ...cell, source: answer(solution) } : cell;
    }),
  };
}

function drawKind(random: Random): Kind {
  let left = random.uniform();
  for (const [kind, { share }] of Object.entries(KINDS) as [Kind, { share: number }][]) {
    left -= share;
    if (left < 0) return kind;
  }
  return "bad";
}

function right({ code }: Solution): string {
  return code;
}

function someRight(solution: Solution, random: Random, bugs: readonly string[]): string {
  const draw = random.uniform();
  return draw < 0.6 ? solution.code : draw < 0.75 ? solution.stub : wrong(solution, random, bugs);
}

/** The planted bugs that can do without the helpers of their module. */
async function bugTexts({ name, bugs, checks }: Exercise): Promise<string[]> {
  const texts: string[] = [];
  for (const { wrong } of bugs) {
    const text = wrong.toString();
    const alone = new Function("tf", `return ${text}`)(tf);
    const [check] = checks;
    const args = "calls" in check! ? check.calls[0]! : check!.args;
    const error = await callInProcess(alone)(args).then(() => undefined, (error) => error);
    if (!(error instanceof ReferenceError)) texts.push(`const ${name} = ${text};`);
  }
  return texts;
}

/** Mistakes that can be made in any code. */
const MISTAKES: readonly (readonly [RegExp, string])[] = [
  [/tf\.sub\(([^,()]+), ([^,()]+)\)/, "tf.sub($2, $1)"],
  [/tf\.add\(/, "tf.sub("],
  [/tf\.sub\(/, "tf.add("],
  [/tf\.mul\(/, "tf.div("],
  [/return (.*);/, "return tf.neg($1);"],
  [/return /, "return nothing + "],
  [/\[0, 1, 3/, "[0, 3, 1"],
  [/return /, ""],
  [/\}\s*$/, ""],
];

function wrong({ code, stub }: Solution, random: Random, bugs: readonly string[]): string {
  if (bugs.length > 0 && random.uniform() < 0.7) {
    // The first mistakes of a list are the likeliest.
    return bugs[Math.floor(bugs.length * random.uniform() ** 2)]!;
  }
  const usable = MISTAKES.filter(([pattern]) => pattern.test(code));
  const [pattern, replacement] = usable[random.integer(usable.length)] ?? [/^[^]*$/, stub];
  return code.replace(pattern, replacement);
}

/** Most of a hostile submission is honest; one answer in three is not. */
function hostile({ name, code }: Solution, random: Random): string {
  if (random.uniform() < 2 / 3) return code;
  const { code: attack } = HOSTILE[random.integer(HOSTILE.length)]!;
  return attack.replaceAll("velocityTarget", name);
}

if (import.meta.main) {
  const [folder = "submissions", count = "200"] = Deno.args;
  const kinds = await makeClass(folder, Number(count), createRandom(1));
  const counts = Map.groupBy(kinds.values(), (kind) => kind);
  console.log([...counts].map(([kind, all]) => `${all.length} ${kind}`).join(", "));
}
