import { type Fact, FACTS, type PictureFacts, STAGES } from "../../data/pictures/facts.ts";
import { compareFacts } from "./compare.ts";
import type { JudgedShare, PromptFollowing, StageFollowing } from "./following.ts";
import type { Layout } from "./layout.ts";
import type { PictureJudge } from "./picture_judge.ts";
import { shareOf } from "./wilson.ts";

/** Pictures to compare with what was asked for. */
export interface AskedPictures {
  /** What each prompt says, N. */
  asked: readonly PictureFacts[];
  /** Drawn for the prompts: `[N, size, size, 3]` in [−1, 1]. */
  images: Float32Array;
  /** Real pictures of the same prompts, likewise. */
  real: Float32Array;
  /** Height and width, 64 by default. */
  size?: number;
}

/**
 * Accuracy of every stated fact by stage, seen and unseen combinations of noun and colour apart.
 *
 * The ceiling comes from the real pictures, the floor from comparing each sample with every other prompt of its stage.
 */
export async function measurePromptFollowing(
  judge: PictureJudge,
  { asked, images, real, size }: AskedPictures,
): Promise<Pick<PromptFollowing, "stages" | "unseen">> {
  const drawn = await judge.read(images, size), best = await judge.read(real, size);
  return followingByStage(asked, drawn.layouts, best.layouts);
}

/** The same from what the judge sees: `seen` in the samples, `real` in real pictures of the same prompts. */
export function followingByStage(
  asked: readonly PictureFacts[],
  seen: readonly Layout[],
  real: readonly Layout[],
): Pick<PromptFollowing, "stages" | "unseen"> {
  if (seen.length !== asked.length || real.length !== asked.length) {
    throw new RangeError(
      `There are ${asked.length} prompts, ${seen.length} samples and ${real.length} real pictures: ` +
        "expected as many of each",
    );
  }
  const result: Pick<PromptFollowing, "stages" | "unseen"> = { stages: {}, unseen: {} };
  for (const stage of STAGES) {
    for (const part of ["stages", "unseen"] as const) {
      const places = [...asked.keys()].filter((i) =>
        asked[i]!.stage === stage && asked[i]!.unseen === (part === "unseen")
      );
      if (places.length === 0) continue;
      const take = <T>(all: readonly T[]) => places.map((place) => all[place]!);
      result[part][stage] = stageFollowing(take(asked), take(seen), take(real));
    }
  }
  return result;
}

function stageFollowing(
  asked: readonly PictureFacts[],
  seen: readonly Layout[],
  real: readonly Layout[],
): StageFollowing {
  const own = asked.map((facts, i) => compareFacts(facts, seen[i]!));
  const best = asked.map((facts, i) => compareFacts(facts, real[i]!));
  const others = asked.flatMap((facts, i) =>
    seen.flatMap((layout, j) => i === j ? [] : [compareFacts(facts, layout)])
  );
  /** Share of verdicts in which all of these facts are right, of those that have all of them. */
  const judged = (facts: readonly Fact[] | "all"): JudgedShare | null => {
    const [share, ceiling, floor] = [own, best, others].map((verdicts) => {
      const rights = verdicts.flatMap((verdict) => {
        const wanted = facts === "all" ? Object.values(verdict) : facts.map((f) => verdict[f]);
        return wanted.includes(undefined as never) ? [] : [wanted.every(Boolean)];
      });
      return shareOf(rights.filter(Boolean).length, rights.length);
    });
    return share ? { ...share, ceiling: ceiling!.value, floor: floor?.value ?? 0 } : null;
  };
  const facts: StageFollowing["facts"] = {};
  for (const fact of FACTS) {
    const share = judged([fact]);
    if (share) facts[fact] = share;
  }
  return {
    samples: asked.length,
    facts,
    all_stated: judged("all")!,
    noun_and_background: judged(["noun", "background"]),
    noun_and_colour: judged(["noun", "colour"]),
  };
}
