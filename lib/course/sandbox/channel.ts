import { SandboxError, thrownError, TimeLimitError } from "./errors.ts";
import { watchMemory } from "./memory.ts";
import { startProcess } from "./process.ts";
import { ANSWER, fromWire, type Request } from "./protocol.ts";
import type { Output } from "../exercise.ts";

/** What a sandbox's process may use. */
export interface Limits {
  /** Megabytes. */
  memory: number;
  /** Milliseconds for each request. */
  time: number;
  /** Bytes that it may print and answer, altogether without answers, and in each answer. */
  output: number;
}

/** A process that answers requests, until it breaks a limit. */
export interface Channel {
  /** Asks and waits; rejects with a `SandboxError`, a `TimeLimitError`, or with what the learner's code threw. */
  ask(request: Request, time?: number): Promise<Output>;
  /** Ends the process, whatever it does. */
  kill(): Promise<void>;
}

/** Milliseconds until a process must have started, on however slow a machine. */
const START_TIME = 60_000;
/** Milliseconds between two looks at the memory of a process that is at work. */
const LOOK = 150;

/** Starts a process and waits until it listens. */
export async function openChannel(limits: Limits): Promise<Channel> {
  const child = await startProcess({
    memory: limits.memory,
    processor: Math.ceil(Math.max(60, limits.time / 1000 * 20)),
  });
  const input = child.stdin.getWriter();
  let waiting:
    | { id: string; resolve: (line: string) => void; fail: (error: Error) => void }
    | null = null;
  let dead: Error | undefined;
  let printed = 0;
  let code = "";

  const ended = Promise.all([readAnswers(), readErrors(), child.status]).then(
    ([, errors, status]) => end(explainEnd(errors, status, limits)),
  );

  const channel: Channel = {
    async ask(request, time = limits.time) {
      if (dead) throw dead;
      if (request.do === "load") code = request.code;
      const id = crypto.randomUUID();
      const answer = Promise.withResolvers<string>();
      waiting = { id, resolve: answer.resolve, fail: answer.reject };
      const done = new AbortController();
      const timer = setTimeout(() => {
        end(new TimeLimitError(`took longer than ${time / 1000} seconds`));
      }, time);
      watchMemory(child.pid, {
        bytes: limits.memory * 1024 * 1024,
        every: LOOK,
        signal: done.signal,
        over: () => end(tooMuchMemory(limits)),
      });
      try {
        // A process that does not read must not hold this up: the limit of time is for both.
        input.write(new TextEncoder().encode(`${JSON.stringify({ id, ...request })}\n`))
          .catch(() => {});
        return readAnswer(await answer.promise, code);
      } finally {
        waiting = null;
        clearTimeout(timer);
        done.abort();
      }
    },
    async kill() {
      end(new SandboxError("ended", "was closed"));
      await ended;
    },
  };

  try {
    await channel.ask({ do: "start" }, START_TIME);
  } catch (error) {
    await channel.kill();
    throw new SandboxError(
      "broken",
      `Cannot start a sandbox: ${(error as Error).message}. Run "deno install" and try again.`,
    );
  }
  return channel;

  /** Ends the process for a reason, the first one counts. */
  function end(reason: Error): void {
    if (dead) return;
    dead = reason;
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended already.
    }
    input.abort().catch(() => {});
    waiting?.fail(reason);
  }

  /** Hands answers to those who wait for them; everything else was printed by the learner's code. */
  async function readAnswers(): Promise<void> {
    const decoder = new TextDecoder();
    let pieces: string[] = [], length = 0;
    for await (const chunk of child.stdout) {
      if (dead) continue;
      const [first, ...lines] = decoder.decode(chunk, { stream: true }).split("\n");
      pieces.push(first!);
      length += first!.length;
      for (const line of lines) {
        take(pieces.join(""));
        [pieces, length] = [[line], line.length];
      }
      if (length + printed > limits.output) end(tooMuchOutput(limits));
    }
  }

  function take(line: string): void {
    const mark = ANSWER + waiting?.id + " ";
    if (waiting && line.startsWith(mark)) {
      if (line.length > limits.output) return end(tooMuchOutput(limits));
      return waiting.resolve(line.slice(mark.length));
    }
    printed += line.length + 1;
    if (printed > limits.output) end(tooMuchOutput(limits));
  }

  /** The beginning of what stands in standard error, which is counted as printed too. */
  async function readErrors(): Promise<string> {
    const decoder = new TextDecoder();
    let beginning = "";
    for await (const chunk of child.stderr) {
      if (beginning.length < 4000) beginning += decoder.decode(chunk, { stream: true });
      printed += chunk.length;
      if (printed > limits.output) end(tooMuchOutput(limits));
    }
    return beginning;
  }
}

/** The value of an answer; throws what the learner's code threw. */
function readAnswer(line: string, code: string): Output {
  let answer: Partial<{ value: unknown; error: Record<string, unknown> }>;
  try {
    answer = JSON.parse(line);
    if (answer.error === undefined) return fromWire(answer.value);
  } catch {
    throw new SandboxError("ended", "answers with something that is no answer");
  }
  const { name, message, stack } = answer.error ?? {};
  throw thrownError({ name, message, stack }, code);
}

function tooMuchMemory({ memory }: Limits): SandboxError {
  return new SandboxError("memory", `needs more than ${memory} MB of memory`);
}

function tooMuchOutput({ output }: Limits): SandboxError {
  const size = output >= 1e6 ? `${Math.round(output / 1e6)} MB` : `${Math.round(output / 1e3)} kB`;
  return new SandboxError("output", `prints or returns more than ${size}`);
}

/** Why a process ended that was not told to. */
function explainEnd(errors: string, status: Deno.CommandStatus, limits: Limits): Error {
  if (/out of memory|memory allocation of \d+ bytes failed/i.test(errors)) {
    return tooMuchMemory(limits);
  }
  if (/stack overflow/i.test(errors)) return new SandboxError("ended", "is nested too deeply");
  switch (status.signal) {
    case "SIGINT":
    case "SIGTERM":
    case "SIGHUP":
      return new SandboxError("broken", "The sandbox was stopped from outside");
    case "SIGXCPU":
    case "SIGKILL":
      return new TimeLimitError("used more processor time than a whole exercise may");
  }
  if (status.success) return new SandboxError("ended", "ends the program");
  const how = status.signal ? `by ${status.signal}` : `with code ${status.code}`;
  const first = errors.split("\n").find((line) => line.trim() !== "")?.slice(0, 200);
  return new SandboxError("ended", `ends the program ${how}${first ? `: ${first}` : ""}`);
}
