import { type Fact, FACTS, STAGES } from "../../data/pictures/facts.ts";
import type { Report } from "../../training/report.ts";
import type { JudgedShare, PromptFollowing } from "../prompt_following/mod.ts";

/** A number by which two runs are compared. */
export interface Measure {
  /** For programs: `heldout_loss`, `heldout_loss 0.125–0.25`, `class_accuracy`, `follows scenes` … */
  key: string;
  /** For people. */
  name: string;
  /** Which direction is good; null where neither is by itself. */
  better: "less" | "more" | null;
  /** Shares are written as percentages. */
  share: boolean;
  value: number;
}

/** A report as it stands in `report.json`. */
export type ReportNumbers = Report & { prompt_following?: PromptFollowing };

/** All numbers of a finished run that runs can be compared by. */
export function measuresOf(report: ReportNumbers): Measure[] {
  const { heldout_loss: loss, heldout_bins: bins } = report;
  const less = { better: "less", share: false } as const;
  const more = { better: "more", share: true } as const;
  return [
    ...(loss ? [{ key: "heldout_loss", name: "held-out loss", ...less, value: loss.value }] : []),
    ...bins.map(({ from, to, loss }) => ({
      key: `heldout_loss ${short(from)}–${short(to)}`,
      name: `  at t ${short(from)}–${short(to)}`,
      ...less,
      value: loss,
    })),
    ...judged("class_accuracy", "class accuracy", more),
    ...judged("frechet", "Fréchet distance", less),
    ...judged("mmd", "kernel distance", less),
    ...judged("diversity", "diversity", { better: null, share: false }),
    ...followed(report.prompt_following),
  ].filter(({ value }) => Number.isFinite(value));

  function judged(
    key: "class_accuracy" | "frechet" | "mmd" | "diversity",
    name: string,
    how: Pick<Measure, "better" | "share">,
  ): Measure[] {
    const number = report[key];
    return number ? [{ key, name, ...how, value: number.value }] : [];
  }
}

/** How well prompts are followed, by stage, and single facts over all stages. */
function followed(following: PromptFollowing | undefined): Measure[] {
  if (!following) return [];
  const { stages, unseen } = following;
  const row = (key: string, name: string, share: JudgedShare | null | undefined): Measure[] =>
    share ? [{ key, name, better: "more", share: true, value: share.value }] : [];
  return [
    ...STAGES.flatMap((stage) =>
      row(`follows ${stage}`, `all that ${stage} prompts say`, stages[stage]?.all_stated)
    ),
    ...STAGES.flatMap((stage) =>
      row(`follows unseen ${stage}`, `  unseen ${stage}`, unseen[stage]?.all_stated)
    ),
    ...FACTS.flatMap((fact) => {
      const shares = STAGES.flatMap((stage) => stages[stage]?.facts[fact] ?? []);
      if (shares.length === 0) return [];
      const value = shares.reduce((sum, share) => sum + share.value, 0) / shares.length;
      const key = `follows ${fact satisfies Fact}`;
      return [{ key, name: `  ${fact}`, better: "more" as const, share: true, value }];
    }),
  ];
}

function short(value: number): string {
  return String(Number(value.toFixed(3)));
}
