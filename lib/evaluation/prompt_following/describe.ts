import { type Fact, FACTS, type Stage, STAGES } from "../../data/pictures/facts.ts";
import type { Chapter, Judged, ReportRow } from "../../training/report.ts";
import { textTable } from "../text_table.ts";
import type { JudgedShare, PromptFollowing, StageFollowing } from "./following.ts";

const MEANINGS: Readonly<Record<Fact, string>> = {
  noun: "the things that were asked for: more",
  colour: "in the colours that were asked for: more",
  background: "on the background that was asked for: more",
  size: "as large as was asked for: more",
  count: "as many as were asked for: more",
  relation: "both things, lying as was asked for: more",
};

/** The numbers as rows of a report; shares with their 95 % intervals. */
export function promptFollowingRows(result: PromptFollowing): ReportRow[] {
  const { stages, unseen, similarity, retrieval, swap, frechet, mmd } = result;
  return [
    ...STAGES.flatMap((stage) => stageRows(stage, stages[stage], { unseen: false })),
    ...STAGES.flatMap((stage) => stageRows(stage, unseen[stage], { unseen: true })),
    ...judgedRow("similarity", similarity, 3, "cosine of picture and prompt: more"),
    ...(retrieval
      ? [
        ...judgedRow(
          `rank of the prompt among ${retrieval.of}`,
          retrieval.mean_rank,
          1,
          "1 is first: less",
        ),
        {
          name: "own prompt first",
          value: percent(retrieval.top1.value),
          ceiling: percent(retrieval.top1.ceiling),
          floor: percent(retrieval.top1.floor),
          meaning: `among ${retrieval.of}: more`,
        },
      ]
      : []),
    ...(swap
      ? [
        shareRow(
          "swapped prompt: its noun",
          swap.noun_changes,
          "same noise, other prompt: the noun changes to the one asked for: more",
        ),
        {
          name: "swapped prompt: change",
          value: swap.ratio.toFixed(2),
          ceiling: "",
          floor: "0.00",
          meaning: "difference of pixels by the prompt, in units of that by the noise",
        },
      ]
      : []),
    ...judgedRow("Fréchet distance", frechet, 2, "distance to real pictures: less"),
    ...judgedRow("kernel distance", mmd, 4, "distance to real pictures: less"),
  ];
}

/** The numbers as a chapter of a run's report. */
export function promptFollowingChapter(result: PromptFollowing): Chapter {
  return {
    key: "prompt_following",
    title: "Prompt following",
    data: result,
    rows: promptFollowingRows(result),
    note: promptFollowingNote(result),
  };
}

/** The numbers as a table for the terminal. */
export function promptFollowingTable(result: PromptFollowing): string {
  const rows = promptFollowingRows(result).map((row) => Object.values(cellsOf(row)));
  const title = `guidance ${result.guidance}, ${result.steps} steps`;
  const table = [[title, "value", "ceiling", "floor", "better"], ...rows];
  const note = promptFollowingNote(result).replaceAll(/(?<=[.]) /g, "\n");
  return `${textTable(table, [0, 4])}\n\n${note}`;
}

/** The most important shares at several strengths of guidance, as a table in Markdown. */
export function sweepTable(results: readonly PromptFollowing[]): string {
  const columns: [string, (result: PromptFollowing) => JudgedShare | null | undefined][] = [
    ["nouns: noun", ({ stages }) => stages.nouns?.facts.noun],
    ["attributes: noun and background", ({ stages }) => stages.attributes?.noun_and_background],
    ["attributes: all stated", ({ stages }) => stages.attributes?.all_stated],
    ["scenes: all stated", ({ stages }) => stages.scenes?.all_stated],
    ["unseen: noun and colour", ({ unseen }) => unseen.attributes?.noun_and_colour],
  ];
  const shown = columns.filter(([, share]) => results.every((result) => share(result)));
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    row(["guidance", ...shown.map(([name]) => name)]),
    row(["---", ...shown.map(() => "---")]),
    ...results.map((result) =>
      row([`${result.guidance}`, ...shown.map(([, share]) => shareCell(share(result)!))])
    ),
    row(["real pictures", ...shown.map(([, share]) => percent(share(results[0]!)!.ceiling))]),
  ].join("\n");
}

function promptFollowingNote({ samples, guidance, steps }: PromptFollowing): string {
  return `${samples} pictures for held-out prompts, ${steps} steps, guidance ${guidance}. A classifier reads what ` +
    "is in them; a fact counts where the prompt states it, and all stated means that everything in the prompt is " +
    "right. In brackets 95 % intervals. The ceiling is what real pictures of the same prompts get, the floor what " +
    "the samples get for each other's prompts. Unseen: combinations of noun and colour that no training picture has.";
}

function cellsOf({ name, value, ceiling, floor, meaning }: ReportRow) {
  return { name, value, ceiling, floor, meaning };
}

/** Facts of a stage, and what is right together; of unseen combinations only what they are about. */
function stageRows(
  stage: Stage,
  following: StageFollowing | undefined,
  { unseen }: { unseen: boolean },
): ReportRow[] {
  if (!following) return [];
  const title = unseen ? `${stage}, unseen` : stage;
  const row = (name: string, share: JudgedShare | null | undefined, meaning: string) =>
    share ? [shareRow(`${title}: ${name}`, share, meaning)] : [];
  const facts = unseen ? (["noun", "colour"] as const) : FACTS;
  const rows = facts.flatMap((fact) => row(fact, following.facts[fact], MEANINGS[fact]));
  // Of prompts that state one fact, all that is stated is that fact.
  if (stage === "nouns") return rows;
  return [
    ...rows,
    ...(unseen || stage === "attributes"
      ? row("noun and colour", following.noun_and_colour, "both right: more")
      : []),
    ...(!unseen && stage === "attributes"
      ? row("noun and background", following.noun_and_background, "both right: more")
      : []),
    ...row("all stated", following.all_stated, "everything right that the prompt says: more"),
  ];
}

function shareRow(name: string, share: JudgedShare, meaning: string): ReportRow {
  return {
    name,
    value: shareCell(share),
    ceiling: percent(share.ceiling),
    floor: percent(share.floor),
    meaning,
  };
}

function shareCell({ value, low, high }: JudgedShare): string {
  return `${percent(value)} (${(100 * low).toFixed(0)}–${(100 * high).toFixed(0)})`;
}

function judgedRow(
  name: string,
  judged: Judged<number> | null,
  digits: number,
  meaning: string,
): ReportRow[] {
  if (!judged) return [];
  const [value, ceiling, floor] = [judged.value, judged.ceiling, judged.floor]
    .map((number) => number.toFixed(digits)) as [string, string, string];
  return [{ name, value, ceiling, floor, meaning }];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
