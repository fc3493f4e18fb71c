import * as tf from "@tensorflow/tfjs-core";
import { loadDataset } from "../../data/mod.ts";
import { checkWritable } from "../../disk.ts";
import { compileTrainStep, openDevice } from "../../engine/mod.ts";
import { isNotebook } from "../../jupyter/inside.ts";
import { float32 } from "../../tensors.ts";
import { adamw } from "../../training/mod.ts";
import { loadShipped } from "../../training/shipped.ts";

/** Something that must work before the course can begin. */
export interface SetUpCheck {
  name: string;
  /** Tries it; says what was found, or throws an Error that says what is wrong. */
  run(): Promise<string>;
  /** What to do if it does not work. */
  mend: string;
}

/** Everything that the notebooks stand on, from the kernel to the disk. */
export function setUpChecks({ runs }: { runs: string }): SetUpCheck[] {
  return [
    {
      name: "the kernel",
      run: kernel,
      mend: 'Choose the kernel "Deno (course)", or open the notebooks with: deno task notebooks',
    },
    {
      name: "memory",
      run: memory,
      mend: "Close other programs; the notebooks want up to two gigabytes.",
    },
    {
      name: "the engine",
      run: engine,
      mend: "Restart the kernel. If it stays so, install again: deno install",
    },
    {
      name: "the data",
      run: data,
      mend:
        "The folder datasets or node_modules is not complete: deno install, git checkout datasets",
    },
    {
      name: "trained models",
      run: trainedModels,
      mend: "The folder checkpoints is not complete: git checkout checkpoints",
    },
    {
      name: "saving",
      run: () => saving(runs),
      mend: "Trainings are saved in the folder runs: make room on the disk, or give yourself the " +
        "right to write there.",
    },
  ];
}

function kernel(): Promise<string> {
  const { deno, typescript } = Deno.version, [major = 0, minor = 0] = deno.split(".").map(Number);
  if (major < 2 || (major === 2 && minor < 9)) {
    throw new Error(`this is Deno ${deno}, the course was made with 2.9`);
  }
  const where = isNotebook() ? "in a notebook" : "outside of a notebook";
  return Promise.resolve(`Deno ${deno}, TypeScript ${typescript}, ${where}`);
}

function memory(): Promise<string> {
  const gigabytes = Deno.systemMemoryInfo().available / 2 ** 30;
  if (gigabytes < 1.5) throw new Error(`only ${gigabytes.toFixed(1)} GB are free`);
  return Promise.resolve("enough is free");
}

/**
 * One training step whose result can be calculated by hand: w = 1, loss = mean((w·x − y)²) over x = (1, 2), y = (3, 6).
 * The loss is 10 and its slope −10, so the first step of AdamW makes w larger by the learning rate.
 */
async function engine(): Promise<string> {
  const device = await openDevice("cpu"), pair = { shape: [2], dtype: "float32" as const };
  const step = await compileTrainStep(device, {
    loss: ({ w }, { x, y }) => tf.mean(tf.square(tf.sub(tf.mul(w!, x!), y!))),
    params: { w: float32([1], [1]) },
    batch: { x: pair, y: pair },
    optimizer: adamw({ weightDecay: 0 }),
  });
  try {
    const batch = { x: float32([2], [1, 2]), y: float32([2], [3, 6]) };
    const { loss } = await step.run(batch, { learningRate: 0.5 });
    const after = await step.run(batch, { learningRate: 0 });
    // (1.5 − 3)² and (3 − 6)²: the loss after a step of 0.5.
    expectNear("the loss", loss, 10);
    expectNear("the loss after one step", after.loss, 5.625);
    return "a compiled training step gives what can be calculated by hand";
  } finally {
    await step.dispose();
  }
}

function expectNear(name: string, value: number, expected: number): void {
  if (Math.abs(value - expected) < 1e-3) return;
  throw new Error(`${name} is ${value}, by hand it is ${expected}`);
}

async function data(): Promise<string> {
  const digits = await loadDataset("digits", { size: 10 });
  const pictures = await loadDataset("pictures", { stage: "nouns", size: 2 });
  if (digits.size !== 10 || !pictures.captions?.[0]) throw new Error("pictures are missing");
  return `digits are drawn, pictures have captions such as "${pictures.captions[0]}"`;
}

async function trainedModels(): Promise<string> {
  const { card } = await loadShipped("latent-pictures");
  return `the text-to-image model is there, with ${(card.parameters / 1e6).toFixed(1)} M numbers`;
}

async function saving(runs: string): Promise<string> {
  await checkWritable(runs);
  return "the folder runs can be written to";
}
