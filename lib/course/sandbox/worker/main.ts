/**
 * What runs in a sandbox's process: reads requests from standard input, line by line, and answers on standard
 * output. The process has no permission, and nothing that this file imports knows an exercise's answers.
 */
import * as tf from "@tensorflow/tfjs-core";
import { computeAtOnce } from "../../eager.ts";
import type { Argument } from "../../exercise.ts";
import { toOutput, toValue } from "../../values.ts";
import { ANSWER, type Answer, fromWire, type Request, toWire } from "../protocol.ts";
import { type Defined, defineFunction } from "./define_function.ts";
import { narrow } from "./narrow.ts";

let defined: Defined | undefined;

async function answer(request: Request): Promise<Answer> {
  try {
    switch (request.do) {
      case "start":
        await computeAtOnce();
        narrow();
        return { value: null };
      case "load": {
        defined = await defineFunction(request.code, request.name, tf);
        return { value: null };
      }
      case "call": {
        const args: unknown[] = [];
        // A loop, since map() may be the learner's by now, to which nothing here is handed.
        for (let i = 0; i < request.args.length; i++) {
          args[i] = toValue(fromWire(request.args[i]) as Argument);
        }
        return { value: toWire(toOutput(defined!.fn(...args))) };
      }
    }
  } catch (error) {
    return { error: describeError(error) };
  }
}

/** What was thrown, as text; it may be anything, and its properties may throw in turn. */
function describeError(error: unknown): { name: string; message: string; stack: string } {
  const read = (name: "name" | "message" | "stack") => {
    try {
      return String((error as Error)[name] ?? "").slice(0, 2000);
    } catch {
      return "";
    }
  };
  if (typeof error === "object" && error !== null) {
    return { name: read("name"), message: read("message"), stack: read("stack") };
  }
  return { name: "", message: String(error).slice(0, 2000), stack: "" };
}

// Kept from before the learner's code ran, which may change what these names mean.
const { parse, stringify } = JSON;
const encoder = new TextEncoder(), encode = encoder.encode.bind(encoder);
const write = Deno.stdout.writeSync.bind(Deno.stdout);

function send(id: string, value: Answer): void {
  const bytes = encode(`\n${ANSWER}${id} ${stringify(value)}\n`);
  for (let done = 0; done < bytes.length;) done += write(bytes.subarray(done));
}

let text = "";
for await (const chunk of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  text += chunk;
  for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n")) {
    const { id, ...request } = parse(text.slice(0, end));
    text = text.slice(end + 1);
    send(id, await answer(request));
  }
}
