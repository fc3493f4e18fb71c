import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { checkWritable, explainDiskError, writeFileWhole } from "@course/disk.ts";
import { openMetrics, readMetrics, type TrainLine } from "@course/training/metrics.ts";
import { codeFingerprint, collectProvenance, gitCommit } from "@course/training/provenance.ts";
import {
  checkNewRun,
  createRun,
  newestRun,
  openRun,
  runPath,
} from "@course/training/run_folder.ts";
import { newRun, provenance, tenSteps, withFolder } from "./fixtures.ts";

Deno.test("`runPath()` names runs so that they sort by time", () => {
  assertEquals(
    runPath("digits", new Date(2025, 0, 31, 7, 4, 9)).replaceAll("\\", "/"),
    "runs/digits-20250131-070409",
  );
});

Deno.test("a new run appears whole and can be opened", () =>
  withFolder(async (folder) => {
    const run = await newRun(folder);
    const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
    assertEquals(names, ["run"]);
    assertEquals(await openRun(run.path), run);
  }));

Deno.test("a run never starts in a folder that holds something", () =>
  withFolder(async (folder) => {
    const run = await newRun(folder);
    await assertRejects(() => checkNewRun(run.path), `--resume ${run.path}`);
    await Deno.mkdir(`${folder}/notes`);
    await checkNewRun(`${folder}/notes`);
    await Deno.writeTextFile(`${folder}/notes/a.txt`, "");
    await assertRejects(() => checkNewRun(`${folder}/notes`), "the folder is not empty");
  }));

Deno.test("a folder that cannot be written to is refused in a sentence", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/file`, "");
    await assertRejects(() => checkNewRun(`${folder}/file/run`), "is a file, not a folder");
    await Deno.mkdir(`${folder}/locked`);
    await Deno.chmod(`${folder}/locked`, 0o500);
    try {
      // An administrator, and Windows, write there nevertheless.
      const locked = await Deno.writeTextFile(`${folder}/locked/a`, "").then(
        () => false,
        () => true,
      );
      if (locked) {
        await assertRejects(() => checkWritable(`${folder}/locked`), "it is not writable");
      }
    } finally {
      await Deno.chmod(`${folder}/locked`, 0o700);
    }
    await checkWritable(`${folder}/locked/new/folder`);
  }));

Deno.test("whatever a disk can refuse becomes a sentence", () => {
  const sentence = (error: unknown) => explainDiskError(error, "write runs/a").message;
  const failed = (code: string) => sentence(Object.assign(new Error("os error"), { code }));
  assertEquals(failed("ENOSPC"), "Cannot write runs/a: the disk is full; free some space");
  assertStringIncludes(failed("EDQUOT"), "quota");
  assertStringIncludes(failed("EROFS"), "it is not writable; choose another folder with --out");
  assertStringIncludes(sentence(new Deno.errors.PermissionDenied()), "it is not writable");
  assertStringIncludes(
    sentence(new Deno.errors.NotCapable("Requires write")),
    "may write below runs/ only",
  );
  assertEquals(failed("EIO"), "Cannot write runs/a: os error");
});

Deno.test("what is no run, or a broken one, is refused in a sentence", () =>
  withFolder(async (folder) => {
    await assertRejects(() => openRun(folder), "it has no config.json");
    const run = await newRun(folder);
    const { ema: _, ...rest } = run.config;
    await Deno.writeTextFile(`${run.path}/config.json`, JSON.stringify(rest));
    await assertRejects(() => openRun(run.path), "Setting ema is missing");
    await Deno.writeTextFile(`${run.path}/config.json`, "{");
    await assertRejects(() => openRun(run.path), "Cannot read");
  }));

Deno.test("`newestRun()` finds the run that was started last", () =>
  withFolder(async (folder) => {
    await assertRejects(() => newestRun(`${folder}/none`), "deno task train makes one");
    for (const [name, started] of [["b", "2025-01-02"], ["c", "2025-01-03"], ["a", "2025-01-01"]]) {
      await createRun(`${folder}/${name}`, tenSteps, { ...provenance, started: started! });
    }
    await Deno.mkdir(`${folder}/notes`);
    assertEquals((await newestRun(folder)).path.slice(-1), "c");
  }));

const line = (step: number): TrainLine => ({
  kind: "train",
  step,
  loss: 1 / 3,
  learningRate: 0.1,
  gradientNorm: null,
  seconds: step,
  imagesPerSecond: 10,
});

Deno.test("a resumed run drops lines of later steps and a torn one", () =>
  withFolder(async (folder) => {
    const path = `${folder}/metrics.jsonl`;
    const metrics = await openMetrics(path, -1);
    for (const step of [1, 2, 3, 4]) await metrics.append(line(step));
    metrics.close();
    await Deno.writeTextFile(path, '{"kind":"train","step":5,"lo', { append: true });
    assertEquals((await readMetrics(path)).map(({ step }) => step), [1, 2, 3, 4]);

    const resumed = await openMetrics(path, 2);
    await resumed.append(line(3));
    resumed.close();
    assertEquals(await readMetrics(path), [line(1), line(2), line(3)]);
    assertEquals((await Deno.readTextFile(path)).split("\n").length, 4);
  }));

Deno.test("`writeFileWhole()` leaves the old file if the disk is full", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.txt`;
    await writeFileWhole(path, "old");
    const write = () => Promise.reject(Object.assign(new Error(), { code: "ENOSPC" }));
    await assertRejects(() => writeFileWhole(path, "new", { write }), "the disk is full");
    assertEquals(await Deno.readTextFile(path), "old");
    assertEquals((await Array.fromAsync(Deno.readDir(folder))).length, 1);
  }));

Deno.test("`gitCommit()` reads the commit from git's own files", () =>
  withFolder(async (folder) => {
    const commit = "0123456789abcdef0123456789abcdef01234567";
    const write = async (name: string, text: string) => {
      await Deno.mkdir(`${folder}/${name}`.replace(/\/[^/]+$/, ""), { recursive: true });
      await Deno.writeTextFile(`${folder}/${name}`, text);
    };
    await write(".git/HEAD", "ref: refs/heads/main\n");
    assertEquals(await gitCommit(folder), undefined);
    await write(".git/packed-refs", `# pack-refs\n${commit} refs/heads/main\n`);
    await Deno.mkdir(`${folder}/deep/inside`, { recursive: true });
    assertEquals(await gitCommit(`${folder}/deep/inside`), commit);
    const newer = commit.replace("0", "f");
    await write(".git/refs/heads/main", `${newer}\n`);
    assertEquals(await gitCommit(folder), newer);
    await write(".git/HEAD", `${commit}\n`);
    assertEquals(await gitCommit(folder), commit);

    await write(".git/worktrees/two/HEAD", "ref: refs/heads/main\n");
    await write(".git/worktrees/two/commondir", "../..\n");
    await write("two/.git", "gitdir: ../.git/worktrees/two\n");
    assertEquals(await gitCommit(`${folder}/two`), newer);
  }));

Deno.test("`codeFingerprint()` tells code apart that differs in any file", () =>
  withFolder(async (folder) => {
    const write = (name: string, text: string) => Deno.writeTextFile(`${folder}/${name}`, text);
    for (const name of ["lib/nn", "configs"]) {
      await Deno.mkdir(`${folder}/${name}`, { recursive: true });
    }
    await write("lib/nn/a.ts", "1");
    await write("configs/b.ts", "2");
    const first = await codeFingerprint(folder);
    assertMatch(first, /^[0-9a-f]{64}$/);
    await write("lib/notes.md", "not code");
    assertEquals(await codeFingerprint(folder), first);
    await write("lib/nn/a.ts", "3");
    const changed = await codeFingerprint(folder);
    await write("lib/nn/a.ts", "1");
    assertEquals(await codeFingerprint(folder), first);
    await Deno.rename(`${folder}/lib/nn/a.ts`, `${folder}/lib/nn/c.ts`);
    const moved = await codeFingerprint(folder);
    assertEquals(new Set([first, changed, moved]).size, 3);
  }));

Deno.test("provenance holds versions, machine, data and command", async () => {
  const found = await collectProvenance({
    command: "deno task train smoke",
    engine: "an engine",
    data: "digits",
  });
  assertEquals([found.command, found.versions.engine, found.data], [
    "deno task train smoke",
    "an engine",
    "digits",
  ]);
  assertEquals(found.versions.deno, Deno.version.deno);
  assertMatch(found.started, /^\d{4}-\d\d-\d\dT/);
  assertStringIncludes(found.machine, Deno.build.arch);
  assertEquals(found.code, await codeFingerprint("."));
  assert(found.commit === null || /^[0-9a-f]{40,64}$/.test(found.commit));
});
