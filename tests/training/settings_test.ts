import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { extendConfig, samplingOf } from "@course/training/config.ts";
import { configNames, loadConfig } from "@course/training/config_files.ts";
import { applySettings, checkConfig, settingNames } from "@course/training/settings.ts";
import { assertRejects } from "@std/assert";
import { base } from "../../configs/base.ts";
import { withFolder } from "./fixtures.ts";

const refused = (setting: string) => assertThrows(() => applySettings(base, [setting])).message;

Deno.test("every config that comes with the project is valid", async () => {
  const names = await configNames();
  assertEquals(names.includes("digits") && !names.includes("base"), true);
  for (const name of names) assertEquals((await loadConfig(name)).name, name);
});

Deno.test("`applySettings()` reads values as the type that the setting has", () => {
  const changed = applySettings(base, [
    "optimizer.lr=3e-4",
    "optimizer.betas=0.8,0.95",
    "schedule.kind=constant",
    "name=2025",
    "every.samples=-1",
    "model.gates=false",
    "data.folder=/some where/a=b",
  ]);
  assertEquals(changed.optimizer.lr, 3e-4);
  assertEquals(changed.optimizer.betas, [0.8, 0.95]);
  assertEquals(changed.schedule.kind, "constant");
  assertEquals(changed.name, "2025");
  assertEquals(changed.every.samples, -1);
  assertEquals(changed.model, { kind: "dit", preset: "tiny", gates: false });
  assertEquals(changed.data.folder, "/some where/a=b");
  assertEquals(base.optimizer.lr !== 3e-4, true, "the config itself is not changed");
});

Deno.test("a new kind of model brings its own settings, in whatever order they come", () => {
  assertEquals(applySettings(base, ["model.width=32", "model.kind=unet"]).model, {
    kind: "unet",
    width: 32,
  });
  assertStringIncludes(
    assertThrows(() => applySettings(base, ["model.kind=unet", "model.depth=3"])).message,
    "Unknown setting model.depth",
  );
});

Deno.test("an unknown setting is refused with the nearest one", () => {
  assertEquals(
    refused("optimizer.lrr=1"),
    "Unknown setting optimizer.lrr: did you mean optimizer.lr?",
  );
  assertEquals(refused("lr=1"), "Unknown setting lr: did you mean optimizer.lr?");
  assertEquals(refused("stpes=1"), "Unknown setting stpes: did you mean steps?");
  assertStringIncludes(
    refused("optimizer.momentumfactor=1"),
    "there are optimizer.kind, optimizer.lr, ",
  );
  assertStringIncludes(refused("model=3"), "Unknown setting model");
});

Deno.test("a bad value is refused with what was expected", () => {
  const cases = {
    "optimizer.lr=0": "Setting optimizer.lr is 0: expected a number above 0",
    "optimizer.lr=fast": 'Setting optimizer.lr is "fast": expected a number above 0',
    "optimizer.lr=NaN": 'Setting optimizer.lr is "NaN": expected a number above 0',
    "steps=1.5": "Setting steps is 1.5: expected a whole number from 1",
    "every.log=0": "Setting every.log is 0: expected a whole number from 1, or -1 for never",
    "ema.decay=1": "Setting ema.decay is 1: expected a number from 0, below 1",
    "schedule.kind=cosin":
      'Setting schedule.kind is "cosin": expected one of cosine, constant; did you mean cosine?',
    "model.kind=vea":
      'Setting model.kind is "vea": expected one of dit, unet, vae, text-tower; did you mean vae?',
    "optimizer.betas=0.9": "expected two numbers, such as 0.9,0.999",
    "optimizer.kind=mion":
      'Setting optimizer.kind is "mion": expected one of adamw, muon; did you mean muon?',
    "steps": 'Cannot read the setting "steps": write name=value',
  };
  for (const [setting, message] of Object.entries(cases)) {
    assertStringIncludes(refused(setting), message);
  }
});

Deno.test("`checkConfig()` names the nearest key for one that is unknown, and what is missing", () => {
  const wrong = (change: (config: Record<string, unknown>) => void) => {
    const config = structuredClone(base) as unknown as Record<string, unknown>;
    change(config);
    return assertThrows(() => checkConfig(config)).message;
  };
  assertEquals(
    wrong((config) => config.ema = { decay: 0.9, decey: 1 }),
    "Unknown setting ema.decey: did you mean ema.decay?",
  );
  assertEquals(
    wrong((config) => delete config.steps),
    "Setting steps is missing",
  );
  assertEquals(
    wrong((config) => config.model = { kind: "dit", presett: "tiny" }),
    "Unknown setting model.presett: did you mean model.preset?",
  );
  assertEquals(assertThrows(() => checkConfig(3)).message.startsWith("Setting config is 3"), true);
});

Deno.test("every setting has a dotted name", () => {
  const names = settingNames(base);
  assertEquals(
    ["steps", "optimizer.lr", "model.heads"].every((name) => names.includes(name)),
    true,
  );
  assertEquals(names.includes("optimizer"), false);
});

Deno.test("`extendConfig()` changes what is named and keeps the rest", () => {
  const config = extendConfig(base, { optimizer: { lr: 1 }, model: { kind: "unet" } });
  assertEquals(config.optimizer, { ...base.optimizer, lr: 1 });
  assertEquals(config.model, { kind: "unet" });
  assertEquals(config.schedule, base.schedule);
});

Deno.test("`samplingOf()` takes the shift of training unless sampling has its own", () => {
  const shifted = extendConfig(base, { objective: { shift: 3 } });
  const { perClass: _, ...usual } = base.sampling;
  assertEquals(samplingOf(shifted), { ...usual, shift: 3 });
  assertEquals(samplingOf(applySettings(shifted, ["sampling.shift=1.5"])).shift, 1.5);
});

Deno.test("`loadConfig()` reads a file by its path and says what is wrong with one", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/mine.ts`, "export default 3;");
    await assertRejects(() => loadConfig(`${folder}/mine.ts`), "Setting config is 3");
    await assertRejects(() => loadConfig(`${folder}/other.ts`), "Cannot read the config");
    await assertRejects(() => loadConfig("runs/a/config.json"), "expected a .ts file");
    await assertRejects(() => loadConfig("digit"), "did you mean digits?");
  }));
