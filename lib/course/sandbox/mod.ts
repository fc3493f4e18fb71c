/** Runs learners' functions in processes without permissions, within limits of time, memory and output. */
export { openSandbox, type Sandbox, type SandboxOptions } from "./sandbox.ts";
export { type Reason, SandboxError, TimeLimitError } from "./errors.ts";
