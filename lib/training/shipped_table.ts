import type { Shipped } from "./shipped.ts";

/** `checkpoints/README.md`: what the trained models in the folder are, and the commands that made them. */
export function shippedReadme(models: readonly (Shipped & { bytes: number })[]): string {
  return [
    "# Trained models",
    "",
    "Small models that come with the course, so that no notebook depends on one trained before. Each file",
    "holds the moving average of the weights in half precision, with its config and the numbers below in",
    'the header. In a notebook: `const { model, weights } = await loadShipped("dit-digits");`.',
    "",
    ...table(
      ["name", "what", "learned from"],
      models.map(({ name, card }) => [`\`${name}\``, card.what, card.trained_on]),
    ),
    "",
    ...table(
      ["name", "size", "parameters", "made by", "steps", "minutes", "held-out loss", "float32"],
      models.map(({ name, card, bytes }) => [
        `\`${name}\``,
        `${(bytes / 1e6).toFixed(1)} MB`,
        card.parameters.toLocaleString("en"),
        `\`${card.command}\``,
        card.step.toLocaleString("en"),
        card.minutes.toFixed(1),
        card.heldout_loss.float16.toFixed(5),
        card.heldout_loss.float32.toFixed(5),
      ]),
    ),
    "",
    "The last two columns are the same loss on images kept aside: of the weights in the file, and of the",
    "weights as they were trained. Minutes are training time on two cores.",
    "",
    "Samples of the weights in the files, drawn as their configs say and judged by the classifier of the",
    "dataset; the same numbers for real images that nobody learned from in brackets:",
    "",
    ...table(
      ["name", "samples", "sampler", "guidance", "class accuracy", "Fréchet distance", "diversity"],
      models.map(({ name, card: { samples }, config: { sampling } }) => [
        `\`${name}\``,
        samples.count.toLocaleString("en"),
        `${sampling.sampler}, ${sampling.steps} steps`,
        String(sampling.guidance),
        samples.class_accuracy ? judged(samples.class_accuracy, percent) : "–",
        judged(samples.frechet, decimals),
        judged(samples.diversity, decimals),
      ]),
    ),
    "",
    "`deno task ship RUN --as NAME` makes such a file from a run and writes this page.",
    "",
  ].join("\n");
}

function judged(
  { value, ceiling }: { value: number; ceiling: number | null },
  format: (value: number) => string,
): string {
  return ceiling === null ? format(value) : `${format(value)} (${format(ceiling)})`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function decimals(value: number): string {
  return value.toFixed(2);
}

/** A table in Markdown with even columns. */
function table(head: string[], rows: string[][]): string[] {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(3, ...all.map((row) => row[column]!.length)));
  const line = (cells: string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)];
}
