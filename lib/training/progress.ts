export {
  createProgress,
  duration,
  type Progress,
  type ProgressOutput,
} from "../display/progress_line.ts";
