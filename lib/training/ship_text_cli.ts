/**
 * deno task ship-text: makes the text tower of a run the one that comes with the course.
 *
 *     deno task ship-text runs/text-20250131-174500
 */
import { join } from "node:path";
import { readArguments, runCommand, wholeNumber } from "../arguments.ts";
import { writeFileWhole } from "../disk.ts";
import { openDevice } from "../engine/mod.ts";
import { probeEncoder, type ProbeResult } from "../evaluation/text_probe.ts";
import { openTextEncoder, TOWERS } from "../text/mod.ts";
import { loadNewestCheckpoint } from "./checkpoint.ts";
import { createContrastiveTask, type TextTrainConfig } from "./contrastive_task.ts";
import { chosenRun, runFile } from "./run_folder.ts";
import { towerFiles } from "./tower_export.ts";
import { weightsOf } from "./trained_model.ts";

const USAGE = `deno task ship-text [RUN] [options]

  RUN              folder of a finished run of deno task train text; the newest run by default
  --out FOLDER     instead of checkpoints/text
  --captions 3000  how many captions are read from their vectors to measure what is in those
`;

const OPTIONS = { out: "value", captions: "value", help: "flag" } as const;

/** Runs one command line; throws an error of one sentence for what cannot be done. */
export async function runShipText(
  args: readonly string[],
  print: (line: string) => void = console.log,
): Promise<void> {
  const { words, options } = readArguments(args, OPTIONS);
  if (options.help) return print(USAGE);
  const folder = options.out?.[0] ?? TOWERS;
  const fitted = wholeNumber("captions", options.captions?.[0] ?? "3000", 60, 100_000);
  const run = await chosenRun(words);
  const { config, provenance } = run;
  if (config.model.kind !== "text-tower") {
    throw new RangeError(`The run in ${run.path} trained no text tower: expected one of "text"`);
  }
  const checkpoint = await loadNewestCheckpoint(runFile(run, "checkpoints"));
  if (!checkpoint) throw new RangeError(`The run in ${run.path} has no checkpoint yet`);
  const { step, seconds, fingerprint } = checkpoint.info;
  if (step < config.steps) {
    throw new RangeError(
      `The run in ${run.path} is at step ${step} of ${config.steps}: ` +
        `finish it first with deno task train --resume ${run.path}`,
    );
  }
  const task = await createContrastiveTask(await openDevice("cpu"), config as TextTrainConfig);
  try {
    if (task.fingerprint !== fingerprint) {
      throw new RangeError(
        `The run in ${run.path} learned from ${fingerprint}, and the data here is ` +
          `${task.fingerprint}: its numbers would mean something else`,
      );
    }
    const weights = weightsOf(checkpoint, config.ema.decay > 0 ? "ema" : "params");
    const { loss, numbers } = await task.heldout(weights);
    const card = {
      what: config.about.what,
      command: provenance.command,
      commit: provenance.commit,
      step,
      minutes: round(seconds / 60),
      machine: provenance.machine,
      trained_on: task.dataset.description,
      fingerprint,
      heldout: rounded({ loss, ...numbers }),
    };
    const { imageWidth } = task.settings;
    await Deno.mkdir(folder, { recursive: true });
    // Twice: what can be read from the vectors is measured with the files that are shipped.
    await write(towerFiles({ ...task, imageWidth, weights }, card));
    const read = await probe(folder, fitted);
    const files = towerFiles({ ...task, imageWidth, weights }, {
      ...card,
      heldout: { ...card.heldout, ...read },
    });
    await write(files);
    for (const [name, value] of Object.entries(card.heldout)) print(`${name.padEnd(24)} ${value}`);
    for (const [name, value] of Object.entries(read)) print(`${name.padEnd(24)} ${value}`);
    for (const [name, { length }] of Object.entries(files)) {
      print(`${join(folder, name)}, ${(length / 1e6).toFixed(2)} MB`);
    }
  } finally {
    await task.dispose();
  }

  async function write(files: Record<string, Uint8Array<ArrayBuffer>>) {
    for (const [name, bytes] of Object.entries(files)) {
      await writeFileWhole(join(folder, name), bytes);
    }
  }
}

/** What can be read from the vectors of captions of seen and unseen combinations. */
async function probe(path: string, fitted: number): Promise<Record<string, number>> {
  const encoder = await openTextEncoder("tower", { path });
  try {
    const options = { fitted, judged: Math.ceil(fitted / 2) };
    const seen = await probeEncoder(encoder, options);
    const unseen = await probeEncoder(encoder, { ...options, combinations: "unseen" });
    return rounded({ ...named("read", seen), ...named("unseen", unseen) });
  } finally {
    await encoder.dispose();
  }
}

function named(prefix: string, { pooled, tokens }: ProbeResult): Record<string, number> {
  const all = (which: string, numbers: Record<string, number>) =>
    Object.entries(numbers).map(([fact, share]) => [`${prefix} ${fact} from ${which}`, share]);
  return Object.fromEntries([...all("pooled", pooled), ...all("tokens", tokens)]);
}

function rounded(numbers: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(numbers).map(([name, x]) => [name, round(x)]));
}

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

if (import.meta.main) {
  await runCommand(runShipText);
}
