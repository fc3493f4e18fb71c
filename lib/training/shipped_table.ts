import type { Judged } from "./report.ts";
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
    ...markdownTable(
      ["name", "what", "learned from"],
      models.map(({ name, card }) => [`\`${name}\``, card.what, card.trained_on]),
    ),
    "",
    ...markdownTable(
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
    ...markdownTable(
      ["name", "samples", "sampler", "guidance", "class accuracy", "Fréchet distance", "diversity"],
      models.map(({ name, card: { samples }, config: { sampling } }) => [
        `\`${name}\``,
        samples.count.toLocaleString("en"),
        `${sampling.sampler}, ${sampling.steps} steps`,
        String(sampling.guidance),
        samples.class_accuracy ? judged(samples.class_accuracy, percent) : "–",
        judged(samples.frechet, decimals),
        samples.diversity ? judged(samples.diversity, decimals) : "–",
      ]),
    ),
    "",
    ...promptTable(models),
    "`deno task ship RUN --as NAME` makes such a file from a run and writes this page.",
    "",
  ].join("\n");
}

/** What models with text make of prompts that were kept aside; nothing where there are none. */
function promptTable(models: readonly Shipped[]): string[] {
  const asked = models.filter(({ card }) => card.samples.prompt_following);
  if (asked.length === 0) return [];
  return [
    "Of models that are asked in words: the share of pictures that show what their prompts say, with the",
    "same for rendered pictures of those prompts in brackets",
    "([prompt following](../docs/prompt_following.md)):",
    "",
    ...markdownTable(
      [
        "name",
        "nouns",
        "attributes: noun and background",
        "scenes: all that is said",
        "unseen noun and colour",
      ],
      asked.map(({ name, card }) => {
        const { stages, unseen } = card.samples.prompt_following as PromptNumbers;
        return [
          `\`${name}\``,
          share(stages.nouns?.facts.noun),
          share(stages.attributes?.noun_and_background),
          share(stages.scenes?.all_stated),
          share(unseen.attributes?.noun_and_colour),
        ];
      }),
    ),
    "",
  ];
}

/** The part of a chapter on prompt following that the table shows. */
interface PromptNumbers {
  stages: Record<string, StageNumbers | undefined>;
  unseen: Record<string, StageNumbers | undefined>;
}

interface StageNumbers {
  facts: Record<string, Judged | undefined>;
  noun_and_background?: Judged;
  noun_and_colour?: Judged;
  all_stated?: Judged;
}

function share(numbers: Judged | undefined): string {
  return numbers ? judged(numbers, percent) : "–";
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

/** Lines of a table in Markdown with even columns. */
export function markdownTable(head: string[], rows: string[][]): string[] {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(3, ...all.map((row) => row[column]!.length)));
  const line = (cells: string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)];
}
