import type { Exercise } from "./exercise.ts";

/** One notebook of the course: its text is `lessons/NAME.md`, its answers are `solutions/NAME.ts`. */
export interface Lesson {
  /** The number before the dot in the ids of its exercises. */
  number: number;
  name: string;
  /** Its exercises in order; loaded when they are needed, so that a notebook starts quickly. */
  exercises: () => Promise<readonly Exercise[]>;
}

/** All lessons, in order. */
export const LESSONS: readonly Lesson[] = [
  {
    number: 0,
    name: "00_start_here",
    exercises: async () => (await import("./exercises/00_start_here/mod.ts")).START_HERE,
  },
  {
    number: 1,
    name: "01_flow_matching",
    exercises: async () => (await import("./exercises/01_flow_matching/mod.ts")).FLOW_MATCHING,
  },
  {
    number: 2,
    name: "02_diffusion_transformer",
    exercises: async () =>
      (await import("./exercises/02_diffusion_transformer/mod.ts")).DIFFUSION_TRANSFORMER,
  },
  {
    number: 3,
    name: "03_class_guidance",
    exercises: async () => (await import("./exercises/03_class_guidance/mod.ts")).CLASS_GUIDANCE,
  },
  {
    number: 4,
    name: "04_text",
    exercises: async () => (await import("./exercises/04_text/mod.ts")).TEXT_CONDITIONING,
  },
  {
    number: 5,
    name: "05_latents",
    exercises: async () => (await import("./exercises/05_latents/mod.ts")).LATENTS,
  },
  {
    number: 6,
    name: "06_self_flow",
    exercises: async () => (await import("./exercises/06_self_flow/mod.ts")).SELF_FLOW,
  },
  {
    number: 7,
    name: "07_overfit",
    exercises: async () => (await import("./exercises/07_overfit/mod.ts")).OVERFIT,
  },
];

/** The lesson that a word names ("1", "01", "01_flow_matching"); throws a RangeError if there is none. */
export function findLesson(word: string): Lesson {
  const found = LESSONS.find(({ number, name }) =>
    name === word || (word.trim() !== "" && number === Number(word))
  );
  if (found) return found;
  const names = LESSONS.map(({ name }) => name).join(", ");
  throw new RangeError(`There is no lesson "${word}": expected one of ${names}, or its number`);
}

/** The exercise with an id such as "1.2"; throws a RangeError that says which there are. */
export async function findExercise(id: string): Promise<Exercise> {
  const lesson = LESSONS.find(({ number }) => number === Number(id.split(".")[0]));
  const exercises = await lesson?.exercises() ?? [];
  const found = exercises.find((exercise) => exercise.id === id);
  if (found) return found;
  const ids = exercises.map((exercise) => exercise.id).join(", ");
  throw new RangeError(
    `There is no exercise "${id}": ` +
      (lesson ? `${lesson.name} has ${ids || "none"}` : "ids are written as in 1.2"),
  );
}

/** The exercise that follows, in this lesson or the next; none after the last. */
export async function nextExercise(id: string): Promise<Exercise | undefined> {
  const [number] = id.split(".").map(Number);
  const here = await LESSONS.find((lesson) => lesson.number === number)?.exercises() ?? [];
  const following = here[here.findIndex((exercise) => exercise.id === id) + 1];
  if (following) return following;
  const lesson = LESSONS.find((lesson) => lesson.number > number!);
  return (await lesson?.exercises())?.[0];
}
