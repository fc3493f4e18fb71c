/** Whether pictures show what their prompts say: a judge that reads them, and everything that is measured with it. */
export { compareFacts, type Verdict } from "./compare.ts";
export {
  promptFollowingChapter,
  promptFollowingRows,
  promptFollowingTable,
  sweepTable,
} from "./describe.ts";
export type {
  JudgedShare,
  PromptFollowing,
  Similarity,
  StageFollowing,
  SwapSensitivity,
} from "./following.ts";
export {
  type DrawPrompts,
  type JudgeFollowingOptions,
  judgePromptFollowing,
} from "./judge_prompt_following.ts";
export { judgeModel, type JudgeModelOptions } from "./judge_model.ts";
export { type JudgeCard, type JudgeWeights, loadPictureJudge } from "./judge_weights.ts";
export { type Axis, type Layout, layoutOf } from "./layout.ts";
export { type AskedPictures, followingByStage, measurePromptFollowing } from "./measure.ts";
export { openPictureJudge, type PictureJudge, type PictureReading } from "./picture_judge.ts";
export { type AskedFor, picturePrompts, type PromptOptions } from "./prompts.ts";
export { measureSimilarity, openTowers, type PromptedPictures, type Towers } from "./similarity.ts";
export { measureSwap, swapPartners, type SwappedPictures } from "./swap.ts";
export { type Share, shareOf, wilsonInterval } from "./wilson.ts";
