/**
 * deno task bench: how fast the engine is, beside PyTorch on the same machine in the same run.
 *
 *     deno task bench                          every benchmark, as a table
 *     deno task bench --only dit-step --batch 16 --width 384
 *     deno task bench --json > results.jsonl   one object per line
 *     deno task bench --profile unet-step      where the time of one goes
 *
 * PyTorch is used where `python3` can import it; without it only our own times are shown.
 */
import { parseArgs } from "node:util";
import { formatProfile } from "../lib/engine/mod.ts";
import { suggest } from "../lib/suggest.ts";
import { BENCHMARKS } from "./benchmarks.ts";
import { measure, type Result } from "./measure.ts";
import { findPeer } from "./peer.ts";
import { REFERENCE, type Shape } from "./shape.ts";
import { PROFILES } from "./workloads.ts";

const USAGE = `deno task bench [options]

  --only NAME       one of ${Object.keys(BENCHMARKS).join(", ")}
  --rounds NUMBER   turns that we and PyTorch take, one after the other; default 7
  --width --depth --heads --tokens --batch NUMBER   another transformer than the reference
  --python PATH     the Python that has PyTorch; default python3
  --json            one JSON object per line instead of a table
  --profile NAME    measures nothing else: our time by operator in ${
  Object.keys(PROFILES).join(", ")
}
`;

const { only, rounds, shape, python, json, profile } = readArguments();
if (profile !== undefined) {
  console.log(formatProfile(await PROFILES[profile]!(shape)));
  Deno.exit(0);
}
const peer = await findPeer(python);
if (!peer) console.error("PyTorch was not found: only our own times are measured");

const results: Result[] = [];
for (const [name, benchmark] of Object.entries(BENCHMARKS)) {
  if (only && name !== only) continue;
  if (!json) console.error(`${name} …`);
  const result = await measure(name, benchmark, { shape, rounds, peer });
  results.push(result);
  if (json) console.log(JSON.stringify(result));
}
if (!json) printTable(results);
Deno.exit(0);

function readArguments() {
  const number = { type: "string" } as const;
  let values;
  try {
    ({ values } = parseArgs({
      args: Deno.args,
      options: {
        only: { type: "string" },
        rounds: number,
        python: { type: "string", default: "python3" },
        profile: { type: "string" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
        width: number,
        depth: number,
        heads: number,
        tokens: number,
        batch: number,
      },
    }));
  } catch (error) {
    refuse((error as Error).message);
  }
  if (values.help) {
    console.log(USAGE);
    Deno.exit(0);
  }
  checkName("benchmark", values.only, Object.keys(BENCHMARKS));
  checkName("profile", values.profile, Object.keys(PROFILES));
  const shape: Shape = { ...REFERENCE };
  for (const name of Object.keys(REFERENCE) as (keyof Shape)[]) {
    shape[name] = wholeNumber(name, values[name], shape[name]);
  }
  if (Math.sqrt(shape.tokens) % 1 !== 0) refuse(`--tokens ${shape.tokens} is not a square`);
  if (shape.width % shape.heads !== 0 || shape.width % 4 !== 0) {
    refuse(`--width ${shape.width} is not divisible by 4 and by ${shape.heads} heads`);
  }
  const rounds = wholeNumber("rounds", values.rounds, 7);
  const { only, python, json, profile } = values;
  return { only, rounds, shape, python, json, profile };
}

function checkName(what: string, name: string | undefined, names: string[]): void {
  if (name === undefined || names.includes(name)) return;
  const near = suggest(name, names);
  refuse(`There is no ${what} "${name}"${near ? `: did you mean ${near}?` : ""}`);
}

function wholeNumber(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) refuse(`--${name} is "${text}", expected 1 or more`);
  return value;
}

function refuse(message: string): never {
  console.error(`${message}\n\n${USAGE}`);
  Deno.exit(2);
}

function printTable(results: Result[]): void {
  const cell = (value: number | null, unit: string) =>
    value === null ? "–" : `${value.toPrecision(3)} ${unit}`;
  console.log(
    `\n${"benchmark".padEnd(14)}${"ours".padStart(14)}${"PyTorch".padStart(14)}` +
      `${"ratio".padStart(8)}${"of peak".padStart(9)}`,
  );
  for (const { name, ours, peer, ratio, unit, share_of_peak } of results) {
    console.log(
      name.padEnd(14) + cell(ours, unit).padStart(14) + cell(peer, unit).padStart(14) +
        (ratio === null ? "–" : ratio.toFixed(2)).padStart(8) +
        (share_of_peak === null ? "" : `${(100 * share_of_peak).toFixed(0)} %`).padStart(9),
    );
  }
  const version = results.find((result) => result.peer_version)?.peer_version;
  console.log(
    `\nratio: PyTorch's number divided by ours, bigger is better for us` +
      (version ? `; ${version}` : ""),
  );
}
