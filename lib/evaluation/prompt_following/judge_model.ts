import type { Device } from "../../engine/mod.ts";
import type { Sampler } from "../../flow/mod.ts";
import { samplingOf } from "../../training/config.ts";
import { openPromptModel } from "../../training/prompt_model.ts";
import { createPromptSampler } from "../../training/prompt_sampler.ts";
import type { TrainedModel } from "../../training/sample_prompts.ts";
import type { PromptFollowing } from "./following.ts";
import { judgePromptFollowing } from "./judge_prompt_following.ts";

/** How a trained model is judged; what is left out is as in its config. */
export interface JudgeModelOptions {
  /** Prompts of each stage, and as many with unseen combinations. */
  perStage: number;
  /** Strengths of guidance, each judged for itself with the same prompts and noise. */
  guidances?: readonly number[] | undefined;
  sampler?: Sampler | undefined;
  steps?: number | undefined;
  shift?: number | undefined;
  seed?: number | undefined;
  /** Hears the share of all pictures that is drawn, 0 … 1. */
  onProgress?: ((share: number) => void) | undefined;
}

/** Pictures that are drawn at once. */
const COUNT = 64;

/** Draws with a trained model for held-out prompts and measures how well it follows them, at each strength of guidance. */
export async function judgeModel(
  device: Device,
  trained: TrainedModel,
  options: JudgeModelOptions,
): Promise<PromptFollowing[]> {
  const usual = samplingOf(trained.config);
  const { perStage, guidances = [usual.guidance], seed = 0, onProgress } = options;
  const how = {
    sampler: options.sampler ?? usual.sampler,
    steps: options.steps ?? usual.steps,
    shift: options.shift ?? usual.shift,
  };
  const opened = await openPromptModel(device, trained);
  const { prediction } = trained.config.objective;
  const sampler = createPromptSampler(device, opened, { count: COUNT, prediction });
  const results: PromptFollowing[] = [];
  try {
    for (const [i, guidance] of guidances.entries()) {
      const result = await judgePromptFollowing({
        device,
        async draw(request) {
          return (await sampler.draw(trained.weights, { ...request, ...how, guidance })).images;
        },
        guidance,
        steps: how.steps,
        perStage,
        seed,
        size: trained.config.data.imageSize ?? 64,
        ...(onProgress && { onProgress: (share) => onProgress((i + share) / guidances.length) }),
      });
      results.push(result);
    }
    return results;
  } finally {
    await Promise.all([sampler.dispose(), opened.dispose()]);
  }
}
