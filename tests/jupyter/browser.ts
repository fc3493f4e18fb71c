/**
 * The race test in a real browser, not part of the suite: `deno task notebooks:browser [COUNT]` runs a notebook of
 * 1,000 cells with "Run All" in JupyterLab and counts outputs that are wrong, lost or in another cell. Where there
 * is no Jupyter or no Chromium it says so and does nothing.
 */
import { join } from "node:path";
import { findJupyter } from "@course/jupyter/install/find_jupyter.ts";
import { writeKernelSpec } from "@course/jupyter/install/kernelspec.ts";
import { type CellOutput, formatNotebook, parseNotebook, sourceOf } from "@course/jupyter/mod.ts";
import { raceCells } from "./race_cells.ts";

const BROWSERS = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "chrome",
];
const count = Number(Deno.args[0] ?? 1000);
// Only such that go well: after an error "Run All" stops.
const cells = raceCells(2 * count).filter(({ status }) => status === "ok").slice(0, count);

const jupyter = await findJupyter(), browser = await findBrowser();
if (!jupyter || !browser || jupyter.at(-1) === "notebook") {
  console.log(`Skipped: there is no ${browser ? "JupyterLab" : "Chromium"} here.`);
  Deno.exit(0);
}
const folder = await Deno.makeTempDir();
await writeKernelSpec(join(folder, "jupyter"));
await Deno.writeTextFile(
  join(folder, "race.ipynb"),
  formatNotebook({
    cells: cells.map(({ code }, i) => ({
      cell_type: "code",
      id: `c${i}`,
      metadata: {},
      source: code,
    })),
    metadata: { kernelspec: { name: "deno-course", display_name: "Deno (course)" } },
    nbformat: 4,
    nbformat_minor: 5,
  }),
);
const port = 21_000 + Math.floor(Math.random() * 1000);
const server = spawn([
  ...jupyter,
  "--no-browser",
  "--allow-root",
  "--ip=127.0.0.1",
  `--port=${port}`,
  "--IdentityProvider.token=",
  "--LabApp.expose_app_in_browser=True",
], { JUPYTER_PATH: join(folder, "jupyter"), JUPYTER_CONFIG_DIR: join(folder, "config") });
const debugging = port + 1000;
const window = spawn([
  browser,
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  `--remote-debugging-port=${debugging}`,
  `--user-data-dir=${join(folder, "browser")}`,
  "about:blank",
]);
try {
  await until("Jupyter", async () => (await fetch(`http://127.0.0.1:${port}/api`)).ok);
  const evaluate = await openPage();
  await evaluate(`location.href = "http://127.0.0.1:${port}/lab/tree/race.ipynb"`);
  const notebook = "jupyterapp.shell.currentWidget";
  await until(
    "the notebook",
    () => evaluate(`${notebook}.sessionContext.session.kernel.status === "idle"`),
  );
  const start = performance.now();
  await evaluate(`void jupyterapp.commands.execute("notebook:run-all-cells")`);
  const finished =
    `${notebook}.content.widgets.every(({ model }) => model.executionCount !== null)`;
  await until("the cells", () => evaluate(finished), 600_000);
  await until(
    "the kernel",
    () => evaluate(`${notebook}.sessionContext.session.kernel.status === "idle"`),
  );
  const seconds = (performance.now() - start) / 1000;
  await evaluate(`jupyterapp.commands.execute("docmanager:save")`);
  const saved = parseNotebook(await Deno.readTextFile(join(folder, "race.ipynb")), "race.ipynb");
  const wrong = saved.cells.filter(({ outputs = [] }, i) => textOf(outputs) !== cells[i]!.shows);
  for (const cell of wrong.slice(0, 5)) {
    console.log(sourceOf(cell), "->", textOf(cell.outputs ?? []));
  }
  console.log(`${wrong.length} of ${cells.length} cells are wrong (${seconds.toFixed(0)} s)`);
  Deno.exitCode = wrong.length > 0 ? 1 : 0;
} finally {
  server.kill();
  window.kill();
  await Promise.all([server.status, window.status]);
  await Deno.remove(folder, { recursive: true });
}

function spawn([program, ...args]: readonly string[], env: Record<string, string> = {}) {
  const quiet = { stdin: "null", stdout: "null", stderr: "null" } as const;
  return new Deno.Command(program!, { args, env, cwd: folder, ...quiet }).spawn();
}

async function findBrowser(): Promise<string | undefined> {
  for (const name of BROWSERS) {
    const command = new Deno.Command(name, { args: ["--version"], stdout: "null", stderr: "null" });
    if (await command.output().then(({ success }) => success, () => false)) return name;
  }
  return undefined;
}

/** Opens a door to the browser's page: a function that evaluates there and gives the value back. */
async function openPage(): Promise<(expression: string) => Promise<boolean>> {
  let address = "";
  await until("the browser", async () => {
    const pages = await (await fetch(`http://127.0.0.1:${debugging}/json`)).json();
    address = pages.find(({ type }: { type: string }) => type === "page").webSocketDebuggerUrl;
    return address !== "";
  });
  const socket = new WebSocket(address);
  await new Promise((resolve) => socket.onopen = resolve);
  let id = 0;
  const waiting = new Map<number, (value: boolean) => void>();
  socket.onmessage = ({ data }) => {
    const { id, result } = JSON.parse(data);
    waiting.get(id)?.(result?.result?.value);
  };
  const send = (method: string, params: object) =>
    new Promise<boolean>((resolve) => {
      waiting.set(++id, resolve);
      socket.send(JSON.stringify({ id, method, params }));
    });
  // Without focus JupyterLab has no current notebook.
  await send("Emulation.setFocusEmulationEnabled", { enabled: true });
  return (expression) =>
    send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
}

async function until(
  what: string,
  holds: () => Promise<boolean>,
  patience = 60_000,
): Promise<void> {
  const end = performance.now() + patience;
  while (!await holds().catch(() => false)) {
    if (performance.now() > end) throw new Error(`Waited ${patience / 1000} s for ${what} in vain`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** The outputs as text; pieces of one stream that the front end keeps apart belong together. */
function textOf(outputs: CellOutput[]): string {
  let text = "", last: string | undefined;
  for (const output of outputs) {
    if (output.output_type === "error") continue;
    const kind = output.output_type === "stream" ? output.name : undefined;
    const piece = output.output_type === "stream" ? output.text : output.data["text/plain"];
    text += (text !== "" && (kind === undefined || kind !== last) ? "|" : "") +
      [piece].flat().join("");
    last = kind;
  }
  return text;
}
