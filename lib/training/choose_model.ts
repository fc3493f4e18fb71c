import { oneOf } from "../arguments.ts";
import {
  type Checkpoint,
  checkpointName,
  listCheckpoints,
  loadCheckpoint,
  loadNewestCheckpoint,
} from "./checkpoint.ts";
import { loadSamples, sampleSteps } from "./pictures.ts";
import { newestRun, openRun, runFile, type RunFolder, RUNS } from "./run_folder.ts";
import type { TrainedModel } from "./sample_prompts.ts";
import { loadShipped, shippedNames } from "./shipped.ts";
import { modelOf, weightsOf } from "./trained_model.ts";

/** The model that a command line names. */
export interface ChosenModel extends TrainedModel {
  /** The folder of its run, or its name among those that come with the course. */
  name: string;
  /** Where its pictures go. */
  folder: string;
  /** Updates made. */
  step: number;
  /** What to ask a model with text for, where nothing is said: what its run drew, or its config says. */
  prompts(): Promise<string[]>;
}

/** Which of a run's models. */
export interface ModelChoice {
  /** `last` (by default), `best` or a step. */
  checkpoint?: string | undefined;
  /** `ema` (by default where there is one) or `params`. */
  weights?: string | undefined;
  print: (line: string) => void;
}

/** What a model that comes with the course is taken for where there is no run. */
const FIRST = "latent-pictures";
const EXAMPLES = ["a dog", "a large red chair on a blue background", "two apples above a cat"];

/** A run by its folder, a model that comes with the course by its name, or the run that was started last. */
export async function chooseModel(
  words: readonly string[],
  choice: ModelChoice,
): Promise<ChosenModel> {
  if (words[1] !== undefined) throw new RangeError(`Cannot read "${words[1]}": name one run`);
  const [name] = words, shipped = await shippedNames();
  if (name !== undefined && shipped.includes(name)) return await chooseShipped(name);
  try {
    return await chooseRun(name === undefined ? await newestRun() : await openRun(name), choice);
  } catch (error) {
    const nothingYet = name === undefined && !await hasRuns() && shipped.includes(FIRST);
    if (!nothingYet) throw error;
    choice.print(`There is no run yet: drawing with ${FIRST}, which comes with the course.`);
    return await chooseShipped(FIRST);
  }
}

async function chooseShipped(name: string): Promise<ChosenModel> {
  const shipped = await loadShipped(name);
  const prompts = [...shipped.config.sampling.prompts ?? EXAMPLES];
  return {
    ...shipped,
    folder: `${RUNS}/${name}`,
    step: shipped.card.step,
    prompts: () => Promise.resolve(prompts),
  };
}

async function chooseRun(run: RunFolder, choice: ModelChoice): Promise<ChosenModel> {
  const checkpoint = await findCheckpoint(run, choice.checkpoint ?? "last", choice.print);
  return {
    name: run.path,
    folder: run.path,
    step: checkpoint.info.step,
    config: run.config,
    model: modelOf(run.config, checkpoint),
    facts: checkpoint.info.model,
    weights: weightsOf(checkpoint, readWeights(choice.weights, run)),
    async prompts() {
      const last = (await sampleSteps(run)).at(-1);
      if (last !== undefined) return (await loadSamples(run, last)).rows;
      return [...run.config.sampling.prompts ?? EXAMPLES];
    },
  };
}

async function hasRuns(): Promise<boolean> {
  return await newestRun().then(() => true, () => false);
}

async function findCheckpoint(
  run: RunFolder,
  wanted: string,
  print: (line: string) => void,
): Promise<Checkpoint> {
  const folder = runFile(run, "checkpoints");
  if (wanted === "last") {
    const found = await loadNewestCheckpoint(folder, (reason) => {
      print(`${reason}. Drawing with the one before it.`);
    });
    if (!found) throw new RangeError(`The run in ${run.path} has no checkpoint yet`);
    return found;
  }
  const all = await listCheckpoints(folder);
  const found = wanted === "best"
    ? all.filter(({ info }) => info.heldoutLoss !== null)
      .sort((a, b) => a.info.heldoutLoss! - b.info.heldoutLoss!)[0]
    : all.find(({ info }) => checkpointName(info.step) === checkpointName(Number(wanted)));
  if (!found) {
    const there = all.map(({ info }) => info.step).join(", ") || "none";
    throw new RangeError(
      `Option --checkpoint is "${wanted}": expected last, best or one of the steps ${there}`,
    );
  }
  return await loadCheckpoint(found.path);
}

function readWeights(
  text: string | undefined,
  { config }: RunFolder,
): "ema" | "params" {
  if (text === undefined) return config.ema.decay > 0 ? "ema" : "params";
  return oneOf("weights", text, ["ema", "params"]);
}
