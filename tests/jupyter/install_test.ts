import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { isAbsolute, join } from "node:path";
import { findJupyter } from "@course/jupyter/install/find_jupyter.ts";
import { kernelSpec, readKernelSpec } from "@course/jupyter/install/kernelspec.ts";
import { userDataFolder } from "@course/jupyter/install/user_data.ts";
import { folder } from "./helpers.ts";

/** Runs `deno task kernel` with these arguments and this folder as Jupyter's data. */
async function kernelTask(data: string, ...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--allow-read",
      `--allow-write=${data}`,
      "--allow-env=JUPYTER_DATA_DIR,XDG_DATA_HOME,HOME,APPDATA",
      join(folder, "lib/jupyter/kernel_install_cli.ts"),
      ...args,
    ],
    env: { JUPYTER_DATA_DIR: data },
  }).output();
  const text = new TextDecoder();
  return { code, text: text.decode(stdout) + text.decode(stderr) };
}

Deno.test("the kernel is installed, renewed and removed, and each time it is said where", async () => {
  const data = await Deno.makeTempDir();
  try {
    const own = join(data, "kernels", "deno-course");
    const installed = await kernelTask(data);
    assertEquals(installed.code, 0);
    assertStringIncludes(installed.text, `Installed the kernel "Deno (course)" in ${own}`);
    assertEquals(await readKernelSpec(data), kernelSpec());
    assertEquals([...Deno.readDirSync(own)].map(({ name }) => name), ["kernel.json"]);
    assertStringIncludes((await kernelTask(data)).text, "Renewed");
    assertStringIncludes((await kernelTask(data, "--remove")).text, `from ${own}`);
    assertEquals([...Deno.readDirSync(data)], []);
    assertStringIncludes((await kernelTask(data, "--remove")).text, "nothing to remove");
    const wrong = await kernelTask(data, "--removed");
    assertEquals(wrong.code, 1);
    assertStringIncludes(wrong.text, "--remove");
  } finally {
    await Deno.remove(data, { recursive: true });
  }
});

Deno.test("removing leaves the kernels of others alone", async () => {
  const data = await Deno.makeTempDir();
  try {
    await Deno.mkdir(join(data, "kernels", "python3"), { recursive: true });
    await kernelTask(data);
    await kernelTask(data, "--remove");
    assertEquals([...Deno.readDirSync(join(data, "kernels"))].map(({ name }) => name), ["python3"]);
  } finally {
    await Deno.remove(data, { recursive: true });
  }
});

Deno.test("the kernelspec has absolute paths only, and stops cells by message", async () => {
  const { argv, interrupt_mode } = kernelSpec();
  assertEquals(interrupt_mode, "message");
  assertEquals(argv[0], Deno.execPath());
  assertEquals(argv.at(-1), "{connection_file}");
  const paths = argv.filter((part) => /[\\/]/.test(part));
  assert(paths.length >= 3);
  for (const path of paths) {
    assert(isAbsolute(path), path);
    await Deno.stat(path);
  }
});

Deno.test("Jupyter's data is where each system keeps it", () => {
  const on = (os: typeof Deno.build.os, variables: Record<string, string>) =>
    userDataFolder({ os, env: (name) => variables[name] });
  assertEquals(on("linux", { HOME: "/home/ada" }), join("/home/ada", ".local", "share", "jupyter"));
  assertEquals(
    on("linux", { HOME: "/home/ada", XDG_DATA_HOME: "/data" }),
    join("/data", "jupyter"),
  );
  assertEquals(on("darwin", { HOME: "/Users/ada" }), join("/Users/ada", "Library", "Jupyter"));
  assertEquals(on("windows", { APPDATA: "C:\\Ada" }), join("C:\\Ada", "jupyter"));
  assertEquals(on("linux", { JUPYTER_DATA_DIR: "/own" }), "/own");
  assertThrows(() => on("linux", {}), "JUPYTER_DATA_DIR");
});

Deno.test("the best Jupyter that answers is taken", async () => {
  const only = (...there: string[]) =>
    findJupyter((command) => Promise.resolve(there.includes(command.join(" "))));
  assertEquals(await only("python3 -m notebook", "python3 -m jupyterlab"), [
    "python3",
    "-m",
    "jupyterlab",
  ]);
  assertEquals(await only("py -m notebook"), ["py", "-m", "notebook"]);
  assertEquals(await only(), undefined);
});
