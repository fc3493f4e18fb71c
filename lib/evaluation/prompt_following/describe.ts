import { type Fact, FACTS, STAGES } from "../../data/pictures/facts.ts";
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
    ...STAGES.flatMap((stage) => stageRows(stage, stages[stage])),
    ...STAGES.flatMap((stage) => stageRows(`${stage}, unseen`, unseen[stage])),
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
  return `${textTable(table, [0, 4])}\n\n${promptFollowingNote(result)}`;
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

function stageRows(title: string, stage: StageFollowing | undefined): ReportRow[] {
  if (!stage) return [];
  const rows = FACTS.flatMap((fact) => {
    const share = stage.facts[fact];
    return share ? [shareRow(`${title}: ${fact}`, share, MEANINGS[fact])] : [];
  });
  // Of a prompt that states one fact, all that is stated is that fact.
  if (rows.length < 2) return rows;
  const both = (name: string, share: JudgedShare | null) =>
    share ? [shareRow(`${title}: noun and ${name}`, share, "both right: more")] : [];
  return [
    ...rows,
    ...both("colour", stage.noun_and_colour),
    ...both("background", stage.noun_and_background),
    shareRow(
      `${title}: all stated`,
      stage.all_stated,
      "everything right that the prompt says: more",
    ),
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
