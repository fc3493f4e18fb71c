import type { Device } from "../engine/mod.ts";
import { type Fault, FAULTS } from "../evaluation/diagnose/museum/faults.ts";
import {
  openSystem,
  partsOf,
  rowsTask,
  type System,
} from "../evaluation/diagnose/museum/systems.ts";
import type { Subject } from "../evaluation/diagnose/subject.ts";
import type { Link } from "../evaluation/diagnose/links.ts";
import { forkRandom, shuffle } from "../random.ts";
import { extendConfig } from "../training/config.ts";
import { type ManyTrainingsView, manyTrainingsView } from "./many_trainings_view.ts";
import { quick } from "./quick.ts";
import { type TrainCellOptions, type TrainedCell, trainTaskCell } from "./train_cell.ts";

/** A small system that somebody else has built, with at most one link broken. Nobody says which. */
export interface Patient {
  /** "A" … "G" */
  letter: string;
  subject: Subject;
}

/** What is planted; one system stays healthy. A seed decides which letter gets which. */
const PLANTED = [
  "captions-off-by-one",
  "decoder-scale",
  "healthy",
  "no-text",
  "sampler-direction",
  "swapped-axes",
  "velocity-sign",
];
const ORDER = shuffle(forkRandom(7, "patients"), [...PLANTED]);

/** The letters of the patients. */
export const PATIENTS: readonly string[] = ORDER.map((_, i) => "ABCDEFG"[i]!);

/** What was planted into a patient: in words, and the link that it breaks; "none" for the healthy one. */
export function truthAbout(letter: string): { what: string; link: Link | "none" } {
  const { what, link } = faultOf(letter) ?? { what: "nothing is wrong", link: "none" };
  return { what, link };
}

/** Options of {@linkcode openPatients}. */
export interface PatientsOptions extends Pick<TrainCellOptions, "folder"> {
  /** Updates of each training. */
  steps?: number;
  /** Some of them; all by default. */
  letters?: readonly string[];
  /** Who looks on. */
  watch?: ManyTrainingsView;
}

/**
 * Builds the patients and trains them on 24 captioned pictures of 32×32, in latents, one after the other, as training
 * cells do: stopped, the same cell run again goes on. Those whose fault lies outside of what is trained share a training.
 */
export async function openPatients(
  device: Device,
  { steps = quick(500, 4), letters = PATIENTS, watch, ...cell }: PatientsOptions = {},
): Promise<{ patients: Patient[]; dispose(): Promise<void> }> {
  const system = await openSystem(device, "latents");
  const view = watch ?? manyTrainingsView("systems that learn 24 pictures by heart");
  const trainings = new Map<string, TrainedCell>();
  try {
    const patients: Patient[] = [];
    for (const letter of letters) {
      const plan = planOf(system, letter, steps);
      const { name } = plan.config;
      const trained = trainings.get(name) ??
        await trainTaskCell(plan.config, plan.task, { ...cell, device, view: view.view(name) });
      trainings.set(name, trained);
      if (!trained.finished) throw new Error("Stopped: run this cell again to go on");
      patients.push({ letter, subject: subjectOf(letter, plan, trained) });
    }
    await view.finish();
    return { patients, dispose: () => system.dispose() };
  } catch (error) {
    await system.dispose();
    throw error;
  }
}

/** A patient before it is trained. */
function planOf(system: System, letter: string, steps: number) {
  const fault = faultOf(letter);
  const config = extendConfig(system.config, {
    name: `07-training-${trainingOf(letter)}`,
    steps,
    every: { log: 5 },
  });
  const right = partsOf({ ...system, config, rows: fault?.rows?.(system.rows) ?? system.rows });
  const model = fault?.model?.(right.model) ?? right.model;
  const learned = fault?.learned?.(model) ?? model;
  const { facts } = system;
  const task = {
    ...rowsTask(learned, config, { facts, rows: right.rows }),
    // Other examples are another training.
    fingerprint: `${config.name}, ${sumOf(system.rows.x0)}`,
    model: learned,
  };
  return { fault, config, right, model, task };
}

function subjectOf(
  letter: string,
  { fault, right, model, task }: ReturnType<typeof planOf>,
  { weights, step }: TrainedCell,
): Subject {
  return {
    ...right,
    name: `system ${letter}`,
    model,
    guided: fault?.guided ?? right.guided,
    solve: fault?.solve?.(right.solve) ?? right.solve,
    codec: right.codec && (fault?.codec?.(right.codec) ?? right.codec),
    task,
    weights: { params: weights },
    history: [],
    step,
  };
}

function faultOf(letter: string): Fault | undefined {
  const key = ORDER[PATIENTS.indexOf(letter)];
  if (key === undefined) {
    throw new RangeError(`There is no system "${letter}": expected one of ${PATIENTS.join(", ")}`);
  }
  return FAULTS.find((fault) => fault.key === key);
}

/** Which of the trainings is a patient's: patients whose fault does not touch it share the first such. */
function trainingOf(letter: string): number {
  const kinds = [...new Set(PATIENTS.map(kindOf))];
  return kinds.indexOf(kindOf(letter)) + 1;

  function kindOf(letter: string): string {
    const fault = faultOf(letter);
    return fault && (fault.rows || fault.model || fault.learned) ? fault.key : "healthy";
  }
}

/** A number that is another one for other latents. */
function sumOf(values: Float32Array): string {
  return values.reduce((sum, value, i) => sum + value * (1 + i % 7), 0).toFixed(3);
}
