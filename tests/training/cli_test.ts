import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { runTrain } from "@course/training/cli.ts";
import { runSample } from "@course/training/sample_cli.ts";
import { run } from "./command.ts";
import { withFolder } from "./fixtures.ts";

const exists = (path: string) => Deno.stat(path).then(() => true, () => false);

Deno.test("a command line that cannot be is refused in a sentence, before anything is made", () =>
  withFolder(async (folder) => {
    const out = ["--out", `${folder}/run`];
    const refused = async (...args: string[]) =>
      (await assertRejects(() => runTrain([...args, ...out]))).message;
    assertMatch(await refused("digts"), /^There is no config "digts": did you mean digits\?/);
    assertMatch(await refused("--set", "optimizer.lrr=1"), /did you mean optimizer.lr\?/);
    assertMatch(
      await refused("--device", "gpu"),
      /^Setting device is "gpu": expected one of cpu, /,
    );
    assertMatch(await refused("--seed", "-1"), /^Setting seed is -1: expected a whole number/);
    assertMatch(await refused("smoke", "mnist"), /^Cannot read "mnist": one config is enough/);
    assertMatch(await refused("--resume"), /^Cannot use ".+" with --resume/);
    assertMatch(await refused("--reusme"), /did you mean --resume\?/);
    await assertRejects(() => runTrain(["--resume", `${folder}/none`]), "There is no run in");
    await assertRejects(
      () =>
        runTrain(["smoke", "--set", "data.name=mnist", "--set", `data.folder=${folder}`, ...out]),
      "MNIST is not in",
    );
    await assertRejects(
      () => runTrain(["smoke", "--set", "model.heads=5", ...out]),
      "width 32 is not divisible by 5 heads",
    );
    assertEquals(await exists(`${folder}/run`), false);
  }));

Deno.test("refusals end with exit code 2 and one line", () =>
  withFolder(async (folder) => {
    const { code, text } = await run("train", folder, [
      "--set",
      "stps=1",
      "--out",
      `${folder}/run`,
    ]);
    assertEquals([code, text], [2, "Unknown setting stps: did you mean steps?\n"]);
    const sample = await run("sample", folder, [`${folder}/run`]);
    assertEquals([sample.code, sample.text.split("\n").length], [2, 2]);
  }));

Deno.test("a run leaves pictures, numbers and a page, and can be drawn from", () =>
  withFolder(async (folder) => {
    const path = `${folder}/run`;
    const { code, text } = await run("train", folder, [
      "smoke",
      "--out",
      path,
      "--seed",
      "3",
      "--set",
      "evaluation.samples=20",
    ]);
    assertEquals(code, 0, text);
    for (const words of ["0.02 M parameters", "20 steps of 8 images", "20/20", "class accuracy"]) {
      assertStringIncludes(text, words);
    }
    for (const file of ["samples.png", "progress.png", "report.html"]) {
      assertStringIncludes(text, `${path}/${file}`);
      assert(await exists(`${path}/${file}`));
    }
    const report = JSON.parse(await Deno.readTextFile(`${path}/report.json`));
    for (const name of ["class_accuracy", "frechet", "mmd", "heldout_loss"]) {
      for (const part of ["value", "ceiling", "floor"]) {
        assert(Number.isFinite(report[name][part]), `${name}.${part} is ${report[name][part]}`);
      }
    }
    assertEquals(report.steps.value, 20);
    assertEquals(JSON.parse(await Deno.readTextFile(`${path}/config.json`)).seed, 3);
    assertStringIncludes(
      JSON.parse(await Deno.readTextFile(`${path}/provenance.json`)).command,
      "--seed 3",
    );

    // A run that was killed after training, before its report, only writes the report.
    await Deno.remove(`${path}/report.json`);
    const resumed = await run("train", folder, ["--resume", path]);
    assertEquals(resumed.code, 0, resumed.text);
    const again = JSON.parse(await Deno.readTextFile(`${path}/report.json`));
    assertEquals({ ...again, minutes: 0 }, { ...report, minutes: 0 });

    await drawsFrom(path, folder);
  }));

async function drawsFrom(path: string, folder: string): Promise<void> {
  const printed: string[] = [];
  const sample = (...args: string[]) => runSample([path, ...args], (line) => printed.push(line));
  const draw = async (name: string, ...args: string[]) => {
    await sample("--out", `${folder}/${name}.png`, ...args);
    return await Deno.readFile(`${folder}/${name}.png`);
  };
  const few = ["--classes", "3,7", "--count", "2"];
  const first = await draw("a", ...few);
  assertMatch(printed[0]!, /^4 images of .+, step 20, drawn in .+a\.png$/);
  assertEquals(await draw("b", ...few, "--seed", "0", "--steps", "2"), first);
  assertEquals(await draw("c", "--classes", "3,7", "--seeds", "0,1"), first);
  for (
    const other of [
      ["--seed", "1"],
      ["--steps", "3"],
      ["--guidance", "1"],
      ["--sampler", "heun"],
      ["--shift", "3"],
      ["--weights", "params"],
      ["--checkpoint", "16"],
    ]
  ) {
    const drawn = await draw("d", ...few, ...other);
    assert(drawn.length !== first.length || drawn.some((byte, i) => byte !== first[i]), `${other}`);
  }

  const refused = async (...args: string[]) => (await assertRejects(() => sample(...args))).message;
  assertEquals(
    await refused("--classes", "3,eleven"),
    'There is no class "eleven": classes are 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, or all',
  );
  assertMatch(await refused("--count", "0"), /^Option --count is "0": expected a whole number/);
  assertMatch(await refused("--steps", "many"), /^Option --steps is "many": expected/);
  assertMatch(
    await refused("--guidance", "-1"),
    /^Option --guidance is "-1": expected a number from 0/,
  );
  assertMatch(await refused("--shift", "0"), /^Option --shift is "0": expected a number above 0/);
  assertMatch(await refused("--sampler", "huen"), /did you mean heun\?$/);
  assertMatch(await refused("--weights", "best"), /expected one of ema, params/);
  assertMatch(await refused("--checkpoint", "7"), /expected last, best or one of the steps 16, 20/);
  assertMatch(await refused("--seeds", "1", "--seed", "2"), /not both$/);
  assertMatch(await refused("--out", "a.jpg"), /expected a \.png file$/);
  assertMatch(await refused("--step", "1"), /did you mean --steps\?$/);

  await Deno.truncate(`${path}/checkpoints/step-000020/state.safetensors`, 99);
  printed.length = 0;
  await draw("e", ...few);
  assertMatch(
    printed[0]!,
    /is damaged: .+ has 99 of \d+ bytes\. Drawing with the one before it\.$/,
  );
  assertMatch(printed[1]!, /step 16/);
}
