import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { fileURLToPath } from "node:url";
import { type GradeOutput, runGrade } from "../../../lib/course/grade_cli.ts";
import { createRandom } from "../../../lib/random.ts";
import { withFolder } from "./fixture.ts";
import { makeClass } from "./make_class.ts";

/** Runs the command in this process; returns what it printed. */
async function run(...args: string[]): Promise<string> {
  const lines: string[] = [];
  const output: GradeOutput = {
    print: (line) => lines.push(line),
    progress: { write: () => {}, terminal: false },
  };
  await runGrade(args, output);
  return lines.join("\n");
}

async function results(folder: string): Promise<{
  submissions: { learner: string; passed: number; total: number }[];
}> {
  return JSON.parse(await Deno.readTextFile(`${folder}/grades/results.json`));
}

Deno.test("a class is graded as it deserves", () =>
  withFolder({}, async (folder) => {
    const kinds = await makeClass(folder, 8, createRandom(3));
    const printed = await run(folder, "--lesson", "1", "--time-limit", "2", "--memory", "256");
    for (const { learner, passed, total } of (await results(folder)).submissions) {
      assertStringIncludes(printed, learner);
      const good = kinds.get(learner) === "good";
      assert(good ? passed === total : passed < total || kinds.get(learner) === "partial", learner);
    }
    const files = await Array.fromAsync(Deno.readDir(`${folder}/grades`), ({ name }) => name);
    assertEquals(files.sort(), [
      ...["gradebook.csv", "report.html", "results.csv", "results.json", "submissions"],
    ]);
    assertStringIncludes(
      await run(folder, "--lesson", "01_flow_matching", "--time-limit", "2", "--memory", "256"),
      "8 of them unchanged",
    );
  }));

Deno.test("a run that is killed goes on where it was, and leaves nothing running", () =>
  withFolder({}, async (folder) => {
    await makeClass(folder, 8, createRandom(4));
    const script = fileURLToPath(new URL("../../../lib/course/grade_cli.ts", import.meta.url));
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--quiet", "--allow-read", "--allow-write", "--allow-run", script, folder],
        ...["--lesson", "1", "--jobs", "1"],
      ],
      stdout: "null",
      stderr: "null",
    }).spawn();
    while (await kept(folder) < 2) await delay(20);
    const sandboxes = await processes(({ parent }) => parent === child.pid);
    child.kill("SIGKILL");
    await child.status;
    while ((await processes(({ id }) => sandboxes.includes(id))).length > 0) await delay(100);
    const before = await kept(folder);
    assert(before < 8);
    const printed = await run(folder, "--lesson", "1");
    assertMatch(printed, new RegExp(`8 submissions .*, ${before} of them unchanged`));
    assertEquals((await results(folder)).submissions.length, 8);
  }));

Deno.test("what is asked wrongly is answered in a sentence", async () => {
  const cases: [string[], string][] = [
    [[], "Name the folder"],
    [["a", "b"], "Name the folder"],
    [["/nowhere at all"], "There is no folder"],
    [["tests", "--lesson", "99"], `There is no lesson "99"`],
    [["tests", "--jobs", "0"], "Option --jobs"],
    [["tests", "--time-limit", "never"], "Option --time-limit"],
    [["tests", "--memory", "1"], "Option --memory"],
    [["tests", "--lessons", "1"], "did you mean --lesson"],
  ];
  for (const [args, says] of cases) await assertRejects(() => run(...args), says);
  await withFolder({ "a.txt": "" }, async (folder) => {
    await assertRejects(() => run(folder), "There are no submissions");
  });
});

/** Grades that are kept so far, whole ones. */
async function kept(folder: string): Promise<number> {
  try {
    const files = await Array.fromAsync(Deno.readDir(`${folder}/grades/submissions`));
    return files.filter(({ name }) => name.endsWith(".json")).length;
  } catch {
    return 0;
  }
}

/** Ids of processes that are of a kind. */
async function processes(
  wanted: (process: { id: number; parent: number }) => boolean,
): Promise<number[]> {
  const { stdout } = await new Deno.Command("ps", { args: ["-A", "-o", "pid=,ppid="] }).output();
  return new TextDecoder().decode(stdout).trim().split("\n").map((line) => {
    const [id, parent] = line.trim().split(/\s+/).map(Number);
    return { id: id!, parent: parent! };
  }).filter(wanted).map(({ id }) => id);
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
