/** Two configs compared over several seeds, with intervals: runs, numbers, verdicts, a page. */
export {
  compareCorruption,
  type CorruptionComparison,
  type CorruptionLosses,
  corruptsDifferently,
  measureCorruption,
} from "./corruption.ts";
export { measuresOf } from "./numbers.ts";
export { comparisonPage, type SamplePair } from "./page.ts";
export {
  checkComparable,
  type CompareFolder,
  type ComparePlan,
  configOf,
  differencesOf,
  findComparison,
  namesOf,
  openComparison,
  runPathOf,
  type Side,
  SIDES,
} from "./plan.ts";
export { runSeeds, type RunSeedsOptions } from "./run_seeds.ts";
export { measureSpeed, type SpeedComparison } from "./speed.ts";
export {
  type Interval,
  meanInterval,
  medianInterval,
  pairedDifference,
  studentQuantile,
} from "./statistics.ts";
export { type Comparison, type CurvePoint, finishedSeeds, summarise } from "./summarise.ts";
export { comparisonTable } from "./table.ts";
export { compareMeasure, type MeasureComparison } from "./verdict.ts";
export { saveCorruption, writeComparison } from "./write.ts";
