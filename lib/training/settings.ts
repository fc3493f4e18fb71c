import * as v from "valibot";
import { suggest } from "../suggest.ts";
import type { ModelSettings, TrainConfig } from "./config.ts";
import { CONFIG_SCHEMA } from "./config_schema.ts";

/** Where a model starts when its kind is changed on the command line. */
const MODEL_STARTS: Record<string, ModelSettings> = {
  dit: { kind: "dit", preset: "tiny" },
  unet: { kind: "unet" },
  vae: { kind: "vae" },
  "text-tower": { kind: "text-tower" },
};

/** Checks a config from outside; throws a RangeError that names what is wrong, and what was probably meant. */
export function checkConfig(value: unknown): TrainConfig {
  const result = v.safeParse(CONFIG_SCHEMA, value);
  if (result.success) return result.output;
  throw new RangeError(describeIssue(result.issues[0], value));
}

/**
 * Lays settings such as `optimizer.lr=1e-3` over a config. Values are read as the type that the setting has:
 * numbers, true or false, texts, and lists with commas.
 */
export function applySettings(config: TrainConfig, settings: readonly string[]): TrainConfig {
  let changed = config;
  // A new kind brings its own settings, so it comes before them.
  const first = (setting: string) => /^(model|objective\.selfFlow)\.kind=/.test(setting) ? 0 : 1;
  for (const setting of [...settings].sort((a, b) => first(a) - first(b))) {
    const split = setting.indexOf("=");
    if (split < 1) {
      throw new RangeError(
        `Cannot read the setting "${setting}": write name=value, as in optimizer.lr=1e-3`,
      );
    }
    changed = applySetting(changed, setting.slice(0, split).trim(), setting.slice(split + 1));
  }
  return changed;
}

/** All settings of a config by their dotted names. */
export function settingNames(config: TrainConfig): string[] {
  return [...leaves(CONFIG_SCHEMA, "", config)];
}

function applySetting(config: TrainConfig, name: string, text: string): TrainConfig {
  const names = settingNames(config);
  if (!names.includes(name)) throw new RangeError(unknownSetting(name, names));
  if (name === "model.kind" && MODEL_STARTS[text]) {
    return { ...config, model: MODEL_STARTS[text] };
  }
  // Another kind of Self-Flow starts from its own defaults.
  const path = name === "objective.selfFlow.kind" ? ["objective", "selfFlow"] : name.split(".");
  let problem: RangeError | undefined;
  for (const reading of readings(text)) {
    const value = path.at(-1) === "selfFlow" ? { kind: reading } : reading;
    const changed = replaceAt(config, path, value);
    const result = v.safeParse(CONFIG_SCHEMA, changed);
    if (result.success) return result.output;
    problem ??= new RangeError(describeIssue(result.issues[0], changed));
  }
  throw problem;
}

/** What a text may mean, most particular first; the text itself last. */
function readings(text: string): unknown[] {
  const trimmed = text.trim();
  const found: unknown[] = [];
  if (trimmed.includes(",") || trimmed.startsWith("[")) {
    const items = trimmed.replace(/^\[|\]$/g, "").split(",");
    found.push(items.map((item) => readings(item)[0]));
  }
  if (trimmed === "true" || trimmed === "false") found.push(trimmed === "true");
  if (trimmed !== "" && !Number.isNaN(Number(trimmed))) found.push(Number(trimmed));
  return [...found, text];
}

function replaceAt<T extends object>(record: T, path: string[], value: unknown): T {
  const [key, ...rest] = path as [string, ...string[]];
  const inner = (record as Record<string, unknown>)[key];
  return { ...record, [key]: rest.length === 0 ? value : replaceAt(inner as object, rest, value) };
}

function describeIssue(issue: v.BaseIssue<unknown>, config: unknown): string {
  const path = (issue.path ?? []).map(({ key }) => String(key));
  const name = path.join(".");
  if (issue.type === "strict_object" && issue.expected === "never") {
    return unknownSetting(name, leaves(CONFIG_SCHEMA, "", config));
  }
  if (issue.input === undefined) return `Setting ${name} is missing`;
  const value = typeof issue.input === "string" ? `"${issue.input}"` : JSON.stringify(issue.input);
  const options = /^one of (.+)$/.exec(issue.message)?.[1]?.split(", ") ?? [];
  const meant = typeof issue.input === "string" && suggest(issue.input, options);
  return `Setting ${name || "config"} is ${value}: expected ${issue.message}` +
    (meant ? `; did you mean ${meant}?` : "");
}

function unknownSetting(name: string, names: Iterable<string>): string {
  const all = [...names];
  const meant = suggest(name, all);
  if (meant) return `Unknown setting ${name}: did you mean ${meant}?`;
  const group = name.split(".")[0]!;
  const near = all.filter((other) => other.startsWith(`${group}.`));
  return `Unknown setting ${name}: there are ` +
    (near.length > 0 ? near : [...new Set(all.map((other) => other.split(".")[0]!))]).join(", ");
}

/** Dotted names of all leaves of a schema; of a choice between objects, the one that the config has taken. */
function* leaves(schema: unknown, prefix: string, config: unknown): Generator<string> {
  const { wrapped = schema } = schema as { wrapped?: unknown };
  const inner = wrapped as { type: string; entries?: object; options?: unknown[] };
  if (inner.type === "variant") {
    const kind = (config as { kind?: unknown } | undefined)?.kind;
    const taken = (inner.options as { entries: { kind: { literal: string } } }[])
      .find(({ entries }) => entries.kind.literal === kind);
    if (taken) yield* leaves(taken, prefix, config);
    else yield `${prefix}.kind`;
  } else if (inner.entries) {
    for (const [key, entry] of Object.entries(inner.entries)) {
      const value = (config as Record<string, unknown> | undefined)?.[key];
      yield* leaves(entry, prefix ? `${prefix}.${key}` : key, value);
    }
  } else {
    yield prefix;
  }
}
