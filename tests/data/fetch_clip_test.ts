import { createHash } from "node:crypto";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { fetchClip, verifyClip } from "../../lib/data/fetch_clip.ts";
import { runData } from "../../lib/data/cli.ts";
import { openTextEncoder } from "../../lib/text/mod.ts";
import { TINY_CONFIG, TINY_TOKENIZER, tinyClip } from "../text/tiny_clip.ts";

const encode = (value: object) => new TextEncoder().encode(JSON.stringify(value));
const COMMIT = "0123456789abcdef0123456789abcdef01234567";

/** What the hub holds, by the path below its repository. */
const PUBLISHED: Record<string, Uint8Array<ArrayBuffer>> = {
  "tokenizer.json": encode(TINY_TOKENIZER),
  "tokenizer_config.json": encode(TINY_CONFIG),
  "onnx/text_model.onnx": tinyClip(),
};

/**
 * A hub on this machine that answers as the public one does: small files itself, with git's checksum; large ones with
 * their SHA-256 and a redirect to where the bytes are.
 */
function hub(
  { files = PUBLISHED, bytes = files, checksums = true }: {
    files?: typeof PUBLISHED;
    /** What is really sent. */
    bytes?: typeof PUBLISHED;
    checksums?: boolean;
  } = {},
) {
  const asked: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    const { pathname } = new URL(request.url);
    asked.push(`${request.method} ${pathname}`);
    const [, place, path] = /^\/(cdn|me\/clip\/resolve\/\w+)\/(.+)$/.exec(pathname) ?? [];
    const file = path === undefined ? undefined : files[path];
    if (place === undefined || file === undefined) return new Response("not here", { status: 404 });
    const headers = new Headers({ "x-repo-commit": COMMIT });
    if (path!.endsWith(".onnx") && place !== "cdn") {
      headers.set("location", `/cdn/${path}`);
      if (checksums) {
        headers.set("x-linked-etag", `"${createHash("sha256").update(file).digest("hex")}"`);
        headers.set("x-linked-size", String(file.length));
      }
      return new Response(null, { status: 302, headers });
    }
    if (checksums) headers.set("etag", `"${gitSha1(file)}"`);
    headers.set("content-length", String(bytes[path!]!.length));
    return new Response(request.method === "HEAD" ? null : bytes[path!], { headers });
  });
  const source = { hub: `http://127.0.0.1:${server.addr.port}`, repository: "me/clip" };
  return { source, asked, [Symbol.asyncDispose]: () => server.shutdown() };
}

function gitSha1(bytes: Uint8Array): string {
  return createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}

async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("CLIP is fetched once, compared with the hub's checksums, and can be used", () =>
  inFolder(async (folder) => {
    await using server = hub();
    const { source, asked } = server;
    const first = await fetchClip({ folder, source });
    assertEquals(first.map(({ name, outcome, checked }) => [name, outcome, checked]), [
      ["tokenizer.json", "downloaded", "git checksum as the hub says"],
      ["tokenizer_config.json", "downloaded", "git checksum as the hub says"],
      ["text_model.onnx", "downloaded", "SHA-256 as the hub says"],
    ]);
    assert(asked.includes(`GET /me/clip/resolve/${COMMIT}/onnx/text_model.onnx`), `${asked}`);
    const count = asked.length;
    const again = await fetchClip({ folder, source });
    assertEquals(again.map(({ outcome }) => outcome), ["present", "present", "present"]);
    assertEquals(asked.length, count);
    assertEquals((await verifyClip(folder)).map(({ state }) => state), ["right", "right", "right"]);
    const encoder = await openTextEncoder("clip", { path: folder });
    assertEquals((await encoder.encode(["red chair"])).pooled.length, 512);
    await encoder.dispose();
  }));

Deno.test("a file of CLIP that was damaged later is found, and fetched again", () =>
  inFolder(async (folder) => {
    await using server = hub();
    await fetchClip({ folder, source: server.source });
    await Deno.writeTextFile(`${folder}/tokenizer.json`, "{}");
    const lines: string[] = [];
    const verify = runData(["verify", "clip", "--folder", folder], (line) => lines.push(line));
    await assertRejects(
      () => verify,
      "Damaged: tokenizer.json. Delete them and run `deno task data",
    );
    assertStringIncludes(lines.join("\n"), "tokenizer.json               wrong");
    const again = await fetchClip({ folder, source: server.source });
    assertEquals(again.map(({ outcome }) => outcome), ["downloaded", "present", "present"]);
  }));

Deno.test("bytes other than the hub's checksums say are removed", () =>
  inFolder(async (folder) => {
    const bytes = { ...PUBLISHED, "onnx/text_model.onnx": new Uint8Array(100) };
    await using wrongModel = hub({ bytes });
    await assertRejects(
      () => fetchClip({ folder, source: wrongModel.source }),
      "came with SHA-256",
    );
    const other = encode({ ...TINY_CONFIG, pad_token: "!" });
    await using wrongConfig = hub({ bytes: { ...PUBLISHED, "tokenizer_config.json": other } });
    await assertRejects(
      () => fetchClip({ folder: `${folder}/other`, source: wrongConfig.source }),
      "tokenizer_config.json: its git checksum is not",
    );
    assertEquals((await verifyClip(`${folder}/other`)).map(({ state }) => state), [
      "right",
      "missing",
      "missing",
    ]);
  }));

Deno.test("a hub without checksums is taken at its word once, and held to it", () =>
  inFolder(async (folder) => {
    await using server = hub({ checksums: false });
    const { source } = server;
    const [, , model] = await fetchClip({ folder, source });
    assertEquals(model!.checked, "the hub gave no checksum: taken as it came");
    await Deno.remove(`${folder}/text_model.onnx`);
    await using changed = hub({
      files: { ...PUBLISHED, "onnx/text_model.onnx": tinyClip({ mask: false }) },
      checksums: false,
    });
    await assertRejects(() => fetchClip({ folder, source: changed.source }), "came with SHA-256");
    await fetchClip({ folder, source });
  }));

Deno.test("a hub that has another model than before is refused with what to delete", () =>
  inFolder(async (folder) => {
    await using before = hub();
    await fetchClip({ folder, source: before.source });
    await Deno.remove(`${folder}/text_model.onnx`);
    const files = { ...PUBLISHED, "onnx/text_model.onnx": tinyClip({ mask: false }) };
    await using after = hub({ files });
    await assertRejects(
      () => fetchClip({ folder, source: after.source }),
      `delete ${folder}/downloaded.json to take it`,
    );
    await Deno.remove(`${folder}/downloaded.json`);
    const done = await fetchClip({ folder, source: after.source });
    assertEquals(done.at(-1)!.outcome, "downloaded");
  }));

Deno.test("a hub that has no CLIP, or is not there, is named", () =>
  inFolder(async (folder) => {
    await using server = hub({ files: {} });
    const { source } = server;
    await assertRejects(() => fetchClip({ folder, source }), "tokenizer.json answered 404");
    await assertRejects(
      () => fetchClip({ folder, source: { ...source, hub: "http://127.0.0.1:1" } }),
      "Cannot fetch CLIP",
    );
  }));
