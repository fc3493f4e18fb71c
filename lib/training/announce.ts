import { countParameters } from "../nn/mod.ts";
import { emaWarning } from "./ema.ts";
import { duration } from "./progress.ts";
import { type Report, reportTable } from "./report.ts";
import { runFile, type RunFolder } from "./run_folder.ts";
import { type TrainTask, withoutAuxiliary } from "./task.ts";

/** What is about to happen, for people. */
export function announcement(
  { path, config }: RunFolder,
  task: Pick<TrainTask, "params" | "facts" | "description" | "fingerprint">,
  { engine, resumedAt, asWritten }: {
    /** Description of the device. */
    engine: string;
    /** The step that the run goes on after. */
    resumedAt: number | undefined;
    /** Whether the config's promises hold: nothing of it was changed. */
    asWritten: boolean;
  },
): string {
  const { about, steps, batchSize, accumulate, ema } = config;
  const millions = (countParameters(withoutAuxiliary(task.params)) / 1e6).toFixed(2);
  const batch = accumulate > 1 ? `${batchSize} × ${accumulate}` : `${batchSize}`;
  const promise = `, about ${about.minutes} minutes on two cores; ${about.result}`;
  const warning = ema.decay > 0 && emaWarning(ema.decay, steps);
  return [
    `${config.name}: ${about.what}`,
    `  model    ${task.facts.name}, ${millions} M parameters`,
    `  data     ${task.description ?? task.fingerprint}`,
    `  engine   ${engine}`,
    `  plan     ${steps} steps of ${batch} images${asWritten ? promise : ""}`,
    `  folder   ${path}`,
    ...(resumedAt === undefined ? [] : [`Going on after step ${resumedAt}`]),
    ...(warning ? [`Note: ${warning}`] : []),
  ].join("\n");
}

/** How a run went, and where to look. */
export function conclusion(run: RunFolder, report: Report): string {
  const files = (["samplesPicture", "progressPicture", "page"] as const)
    .map((file) => `  ${runFile(run, file)}`);
  return [
    "",
    reportTable(report),
    "",
    `Trained in ${duration(report.minutes.value * 60)}. Look at`,
    ...files,
    nextCommand(run),
  ].join("\n");
}

/** What a finished run is good for. */
function nextCommand({ path, config: { model, text } }: RunFolder): string {
  switch (model.kind) {
    case "vae":
      return `Use it: deno task ship ${path} --as NAME`;
    case "text-tower":
      return `Use it: deno task ship-text ${path}`;
    default:
      return `Draw more: deno task sample ${path}${text ? ' --prompt "…"' : ""}`;
  }
}
