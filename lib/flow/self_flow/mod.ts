/** Self-Flow and its lite version: noise levels per token, and what a layer in the middle is asked for. */
export { type SelfFlow, selfFlow } from "./objective.ts";
export {
  fullOptions,
  liteOptions,
  type SelfFlowFull,
  type SelfFlowLite,
  type SelfFlowOptions,
} from "./options.ts";
export { fullLevels, type LevelDraws, liteLevels } from "./token_levels.ts";
