import { createHash } from "node:crypto";
import { join } from "node:path";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { downloadFile } from "../../lib/data/download.ts";

const CONTENT = Uint8Array.from({ length: 100_000 }, (_, i) => (i * 7919) % 251);
const SHA256 = createHash("sha256").update(CONTENT).digest("hex");
const HALF = CONTENT.length / 2;

type Handler = (request: Request) => Response | Promise<Response>;

/** A mirror on this machine that remembers which ranges it was asked for. */
function mirror(handler: Handler) {
  const asked: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    asked.push(request.headers.get("range") ?? "all");
    return handler(request);
  });
  const url = `http://127.0.0.1:${server.addr.port}/files/`;
  return { url, asked, [Symbol.asyncDispose]: () => server.shutdown() };
}

/** Serves the content as a well-behaved server does. */
const serveRanges: Handler = (request) => {
  const from = Number(request.headers.get("range")?.match(/^bytes=(\d+)-$/)?.[1] ?? 0);
  if (from >= CONTENT.length) return new Response(null, { status: 416 });
  if (from === 0) return new Response(CONTENT);
  const range = `bytes ${from}-${CONTENT.length - 1}/${CONTENT.length}`;
  return new Response(CONTENT.slice(from), { status: 206, headers: { "content-range": range } });
};

/**
 * A mirror that closes the connection after the first half of the content.
 *
 * Written on bare TCP, as a real server never breaks off so rudely. Once it has broken, it serves
 * the rest when asked for it, unless it `always` breaks.
 */
function breakingMirror({ always }: { always: boolean }) {
  const asked: string[] = [];
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serving = (async () => {
    for await (const connection of listener) {
      const head = new Uint8Array(4096), length = await connection.read(head) ?? 0;
      const request = new TextDecoder().decode(head.subarray(0, length));
      const range = request.match(/range: (bytes=\d+-)/i)?.[1];
      asked.push(range ?? "all");
      const rest = range !== undefined && !always;
      const answer = rest
        ? `206 Partial Content\r\ncontent-range: bytes ${HALF}-${2 * HALF - 1}/${2 * HALF}`
        : "200 OK";
      const size = rest ? HALF : 2 * HALF;
      await connection.write(new TextEncoder().encode(
        `HTTP/1.1 ${answer}\r\ncontent-length: ${size}\r\nconnection: close\r\n\r\n`,
      ));
      const writer = connection.writable.getWriter();
      await writer.write(rest ? CONTENT.slice(HALF) : CONTENT.slice(0, HALF));
      await writer.close();
    }
  })();
  const { port } = listener.addr as Deno.NetAddr;
  return {
    url: `http://127.0.0.1:${port}/files/`,
    asked,
    async [Symbol.asyncDispose]() {
      listener.close();
      await serving;
    },
  };
}

async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const names = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name);

Deno.test("`downloadFile()` downloads once, reports progress, and finds the file present then", () =>
  inFolder(async (folder) => {
    await using server = mirror(serveRanges);
    let last = { name: "", received: 0, total: undefined as number | undefined };
    const download = {
      name: "file",
      sha256: SHA256,
      folder: join(folder, "new"),
      mirrors: [server.url],
      onProgress: (progress: typeof last) => last = progress,
    };
    assertEquals(await downloadFile(download), "downloaded");
    assertEquals(await Deno.readFile(join(folder, "new", "file")), CONTENT);
    assertEquals(names(join(folder, "new")), ["file"]);
    assertEquals(last, { name: "file", received: CONTENT.length, total: CONTENT.length });
    assertEquals(await downloadFile(download), "present");
    assertEquals(server.asked, ["all"]);
  }));

Deno.test("`downloadFile()` continues a broken download where it stopped", () =>
  inFolder(async (folder) => {
    await using server = breakingMirror({ always: false });
    await downloadFile({ name: "file", sha256: SHA256, folder, mirrors: [server.url] });
    assertEquals(await Deno.readFile(join(folder, "file")), CONTENT);
    assertEquals(server.asked, ["all", `bytes=${HALF}-`]);
  }));

Deno.test("`downloadFile()` keeps what has arrived as .part for the next call", () =>
  inFolder(async (folder) => {
    await using broken = breakingMirror({ always: true });
    await using good = mirror(serveRanges);
    const download = { name: "file", sha256: SHA256, folder };
    await assertRejects(
      () => downloadFile({ ...download, mirrors: [broken.url] }),
      "Run the same command again to continue",
    );
    assertEquals(names(folder), ["file.part"]);
    await downloadFile({ ...download, mirrors: [good.url] });
    assertEquals(good.asked, [`bytes=${HALF}-`]);
    assertEquals(names(folder), ["file"]);
  }));

Deno.test("`downloadFile()` starts afresh when a server ignores the range", () =>
  inFolder(async (folder) => {
    await Deno.writeFile(join(folder, "file.part"), CONTENT.slice(0, HALF));
    await using server = mirror(() => new Response(CONTENT));
    await downloadFile({ name: "file", sha256: SHA256, folder, mirrors: [server.url] });
    assertEquals(await Deno.readFile(join(folder, "file")), CONTENT);
  }));

Deno.test("`downloadFile()` accepts a .part that was already whole", () =>
  inFolder(async (folder) => {
    await Deno.writeFile(join(folder, "file.part"), CONTENT);
    await using server = mirror(serveRanges);
    await downloadFile({ name: "file", sha256: SHA256, folder, mirrors: [server.url] });
    assertEquals(names(folder), ["file"]);
  }));

Deno.test("`downloadFile()` throws away a .part that leads to a wrong file and starts afresh", () =>
  inFolder(async (folder) => {
    await Deno.writeFile(join(folder, "file.part"), new Uint8Array(HALF).fill(1));
    await using server = mirror(serveRanges);
    await downloadFile({ name: "file", sha256: SHA256, folder, mirrors: [server.url] });
    assertEquals(server.asked, [`bytes=${HALF}-`, "all"]);
    assertEquals(await Deno.readFile(join(folder, "file")), CONTENT);
  }));

Deno.test("`downloadFile()` removes a file with a wrong SHA-256 and says which came", () =>
  inFolder(async (folder) => {
    const other = CONTENT.slice().fill(0);
    await using server = mirror(() => new Response(other));
    const error = await assertRejects(
      () => downloadFile({ name: "file", sha256: SHA256, folder, mirrors: [server.url] }),
      `expected ${SHA256}, and was removed`,
    );
    assert(error.message.includes(createHash("sha256").update(other).digest("hex")));
    assertEquals(names(folder), []);
  }));

Deno.test("`downloadFile()` replaces a damaged file of that name", () =>
  inFolder(async (folder) => {
    await Deno.writeFile(join(folder, "file"), CONTENT.slice(1));
    await using server = mirror(serveRanges);
    const download = { name: "file", sha256: SHA256, folder, mirrors: [server.url] };
    assertEquals(await downloadFile(download), "downloaded");
    assertEquals(await Deno.readFile(join(folder, "file")), CONTENT);
  }));

Deno.test("`downloadFile()` goes on to the next mirror when one is gone, wrong or broken", () =>
  inFolder(async (folder) => {
    const dead = mirror(serveRanges);
    await dead[Symbol.asyncDispose]();
    await using missing = mirror(() => new Response("no such file", { status: 404 }));
    await using wrong = mirror(() => new Response("<html>Please log in</html>"));
    await using broken = breakingMirror({ always: true });
    await using good = mirror(serveRanges);
    const mirrors = [dead, missing, wrong, broken, good].map(({ url }) => url);
    await downloadFile({ name: "file", sha256: SHA256, folder, mirrors });
    assertEquals(await Deno.readFile(join(folder, "file")), CONTENT);
    assertEquals(good.asked.length, 1);
  }));

Deno.test("`downloadFile()` names the reason for each mirror when none has the file", () =>
  inFolder(async (folder) => {
    await using missing = mirror(() => new Response("", { status: 404 }));
    await using failing = mirror(() => new Response("", { status: 503 }));
    const mirrors = [missing.url, failing.url];
    const error = await assertRejects(
      () => downloadFile({ name: "file", sha256: SHA256, folder, mirrors }),
      `${missing.url}: answered 404`,
    );
    assert(error.message.includes(`${failing.url}: answered 503`));
  }));

Deno.test("`downloadFile()` gives up on a mirror that sends nothing more", () =>
  inFolder(async (folder) => {
    await using silent = mirror(() =>
      new Response(new ReadableStream({ start: (c) => c.enqueue(CONTENT.slice(0, 10)) }))
    );
    const download = { name: "file", sha256: SHA256, folder, mirrors: [silent.url] };
    await assertRejects(
      () => downloadFile({ ...download, stallAfter: 100 }),
      "no byte for 0.1 seconds",
    );
  }));

Deno.test("`downloadFile()` can be cancelled, keeping what has arrived", () =>
  inFolder(async (folder) => {
    await using silent = mirror(() =>
      new Response(new ReadableStream({ start: (c) => c.enqueue(CONTENT.slice(0, 10)) }))
    );
    const cancel = new AbortController();
    const download = { name: "file", sha256: SHA256, folder, mirrors: [silent.url] };
    await assertRejects(() =>
      downloadFile({
        ...download,
        signal: cancel.signal,
        onProgress: () => cancel.abort(new Error("cancelled by hand")),
      }), "cancelled by hand");
    assertEquals((await Deno.stat(join(folder, "file.part"))).size, 10);
    assertEquals(silent.asked.length, 1);
  }));

Deno.test("`downloadFile()` says so when the folder cannot be written", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "occupied"), "a file");
    const download = {
      name: "file",
      sha256: SHA256,
      folder: join(folder, "occupied"),
      mirrors: [],
    };
    await assertRejects(() => downloadFile(download), "Cannot write");
  }));
