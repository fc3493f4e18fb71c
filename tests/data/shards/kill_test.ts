import { assert, assertEquals } from "@std/assert";
import { createRandom } from "@course/random.ts";
import { readManifest } from "@course/data/shards/mod.ts";
import { contentOf, withFolder } from "./fixtures.ts";

const ARGUMENTS = ["pictures", "--stage", "scenes", "--count", "2500", "--image-size", "32"]
  .concat(["--codec", "none", "--text", "bag-of-words", "--shard-mb", "0.5"]);

/** Starts `deno task data prepare`, which may write below the folder. */
function start(folder: string, out: string): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "--no-prompt", "--allow-read", `--allow-write=${folder}`]
      .concat(["--allow-ffi", "--allow-env=npm_package_config_libvips,MALLOC_ARENA_MAX"])
      .concat(["lib/data/cli.ts", "prepare", ...ARGUMENTS, "--out", out]),
    cwd: new URL("../../../", import.meta.url),
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

async function ended(child: Deno.ChildProcess) {
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return { code, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

async function shardsIn(folder: string): Promise<number> {
  return (await readManifest(folder))?.shards.length ?? 0;
}

Deno.test("preparing that is killed again and again ends with exactly the folder of one never killed", () =>
  withFolder(async (folder) => {
    const whole = `${folder}/whole`, killed = `${folder}/killed`, random = createRandom(5);
    const undisturbed = start(folder, whole);
    const reference = await ended(undisturbed);
    assertEquals(reference.code, 0, reference.text);

    let cut = 0;
    for (let kills = 0; kills < 5; kills++) {
      const before = await shardsIn(killed), child = start(folder, killed);
      let running = true;
      child.status.then(() => running = false);
      // The second time while starting up, else somewhere after a few more shards.
      while (running && kills !== 1 && await shardsIn(killed) < before + 3) await pause(3);
      await pause(random.integer(kills === 1 ? 400 : 60));
      try {
        child.kill("SIGKILL");
      } catch {
        // It had ended already.
      }
      await ended(child);
      if (!(await readManifest(killed))?.complete) cut++;
    }
    assert(cut >= 3, `only ${cut} of the kills came before its end`);
    const last = await ended(start(folder, killed));
    assertEquals(last.code, 0, last.text);
    assertEquals(await contentOf(killed), await contentOf(whole));
  }));

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
