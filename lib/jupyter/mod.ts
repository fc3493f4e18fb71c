/** Jupyter: the course's kernel, a client for it, and notebook files. */
export { type ExecuteOptions, type Execution, type KernelClient, startKernel } from "./client.ts";
export {
  type Cell,
  type CellMetadata,
  type CellOutput,
  formatNotebook,
  type MimeBundle,
  type Notebook,
  parseNotebook,
  sourceOf,
} from "./notebook_format.ts";
export {
  type CellRun,
  type NotebookRun,
  runNotebook,
  type RunNotebookOptions,
} from "./run_notebook.ts";
