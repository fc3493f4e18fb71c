import { sampleNoiseLevels, type SelfFlow } from "../flow/mod.ts";
import { forkRandom, type Random } from "../random.ts";
import { float32, type HostRecord } from "../tensors.ts";
import type { ObjectiveConfig } from "./config.ts";

/** Generators of noise levels; those of tokens only where there are any, so that other runs stay as they are. */
export interface LevelGenerators {
  levels: Random;
  tokenLevels?: Random;
  tokenChoices?: Random;
}

/** Generators for the noise levels of a run. */
export function levelGenerators(seed: number, objective: ObjectiveConfig): LevelGenerators {
  return {
    levels: forkRandom(seed, "noise levels"),
    ...(objective.selfFlow && {
      tokenLevels: forkRandom(seed, "noise levels of tokens"),
      tokenChoices: forkRandom(seed, "choices of tokens"),
    }),
  };
}

/**
 * The noise levels of a batch: t `[B]`, or what Self-Flow draws in its place. The first level of every image is the
 * same with and without Self-Flow.
 */
export function drawLevels(
  count: number,
  { levels, tokenLevels, tokenChoices }: LevelGenerators,
  objective: ObjectiveConfig,
  selfFlow: SelfFlow | undefined,
): HostRecord {
  const options = noiseLevelOptions(objective);
  const base = sampleNoiseLevels(count, levels, options);
  if (!selfFlow) return { t: float32([count], base) };
  return selfFlow.draw({
    base,
    draw: (further) => sampleNoiseLevels(further, tokenLevels!, options),
    random: tokenChoices!,
  });
}

/** How noise levels are drawn, from a config. */
export function noiseLevelOptions({ noiseLevels, logitMean, logitStd, shift }: ObjectiveConfig) {
  return {
    distribution: noiseLevels === "uniform"
      ? { kind: "uniform" as const }
      : { kind: "logit-normal" as const, mean: logitMean, deviation: logitStd },
    shift,
  };
}
