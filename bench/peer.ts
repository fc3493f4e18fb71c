import { fileURLToPath } from "node:url";
import type { Shape } from "./shape.ts";

/** A PyTorch that can be asked for times. */
export interface Peer {
  version: string;
  /** Prepares a benchmark in a process of its own. */
  start(name: string, shape: Shape, options?: Record<string, number>): Promise<PeerProcess>;
  /** Runs a benchmark once, in a fresh process, and returns its answer. */
  once(name: string, shape: Shape): Promise<PeerAnswer>;
}

/** A prepared benchmark. */
export interface PeerProcess {
  /** Does one iteration. */
  run(): Promise<PeerAnswer>;
  stop(): Promise<void>;
}

/** What the peer prints. */
export interface PeerAnswer {
  seconds: number;
  peak_rss_mb: number;
  peer_version: string;
  gflops?: Record<string, number>;
}

/** Looks for PyTorch in a Python; undefined where there is none. */
export async function findPeer(python: string): Promise<Peer | undefined> {
  const program = fileURLToPath(import.meta.resolve("./peers/peer.py"));
  try {
    const probe = new Deno.Command(python, {
      args: ["-c", "import torch; print(torch.__version__)"],
    });
    const { success, stdout } = await probe.output();
    if (!success) return undefined;
    const version = `PyTorch ${new TextDecoder().decode(stdout).trim()}`;
    return { version, start, once };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }

  function spawn(name: string, shape: Shape, more: string[]) {
    const size = Object.entries(shape).flatMap(([key, value]) => [`--${key}`, `${value}`]);
    const args = [program, name, ...size, ...more];
    return new Deno.Command(python, { args, stdin: "piped", stdout: "piped", stderr: "inherit" })
      .spawn();
  }

  async function start(name: string, shape: Shape, options: Record<string, number> = {}) {
    const more = Object.entries(options).flatMap(([key, value]) => [`--${key}`, `${value}`]);
    const child = spawn(name, shape, ["--serve", ...more]);
    const answers = lines(child.stdout);
    const requests = child.stdin.getWriter();
    await answers();
    return {
      async run() {
        await requests.write(new TextEncoder().encode(`${JSON.stringify({ run: 1 })}\n`));
        return await answers();
      },
      async stop() {
        await requests.close();
        await child.status;
      },
    };
  }

  async function once(name: string, shape: Shape) {
    const child = spawn(name, shape, []);
    child.stdin.close();
    return await lines(child.stdout)();
  }
}

/** Reads one JSON object per line, one at each call. */
function lines(stream: ReadableStream<Uint8Array<ArrayBuffer>>): () => Promise<PeerAnswer> {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  return async () => {
    while (!text.includes("\n")) {
      const { value, done } = await reader.read();
      if (done) throw new Error("PyTorch ended before it answered");
      text += value;
    }
    const end = text.indexOf("\n");
    const line = text.slice(0, end);
    text = text.slice(end + 1);
    return JSON.parse(line) as PeerAnswer;
  };
}
