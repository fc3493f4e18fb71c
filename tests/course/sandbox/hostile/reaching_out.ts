import { body, FORBIDDEN, type Hostile, NO_NODE } from "./kit.ts";

/** Reaching out. */
export const REACHING_OUT: readonly Hostile[] = [
  {
    name: "reading a file",
    code: body(`return Deno.readTextFileSync("/etc/passwd");`),
    says: FORBIDDEN,
  },
  {
    name: "reading a file as Node does",
    says: NO_NODE,
    code: body(
      `return process.getBuiltinModule("node:fs").readFileSync("/etc/passwd", "utf8");`,
    ),
  },
  {
    name: "listing a folder",
    code: body(`return [...Deno.readDirSync("/")].length;`),
    says: FORBIDDEN,
  },
  {
    name: "writing a file",
    code: body(`Deno.writeTextFileSync("hostile.txt", "x");`),
    says: FORBIDDEN,
  },
  {
    name: "making a temporary file",
    code: body("return Deno.makeTempFileSync();"),
    says: FORBIDDEN,
  },
  { name: "fetching a page", code: `await fetch("http://127.0.0.1:8000/");`, says: FORBIDDEN },
  {
    name: "opening a socket",
    code: `await Deno.connect({ hostname: "127.0.0.1", port: 9 });`,
    says: FORBIDDEN,
  },
  { name: "listening", code: body("Deno.listen({ port: 0 });"), says: FORBIDDEN },
  { name: "reading the environment", code: body(`return Deno.env.get("HOME");`), says: FORBIDDEN },
  {
    name: "reading the environment as Node does",
    code: body("return process.env.PATH;"),
  },
  {
    name: "running a program",
    code: body(`new Deno.Command("ls").outputSync();`),
    says: FORBIDDEN,
  },
  {
    name: "running a program by its path",
    code: body(`new Deno.Command("/bin/ls").outputSync();`),
    says: FORBIDDEN,
  },
  { name: "stopping the grader", code: body(`Deno.kill(Deno.ppid, "SIGKILL");`), says: FORBIDDEN },
  {
    name: "stopping the grader as Node does",
    says: NO_NODE,
    code: body("process.kill(process.ppid, 9);"),
  },
  {
    name: "loading a native library",
    code: body(`Deno.dlopen("/lib/libc.so.6", {});`),
    says: FORBIDDEN,
  },
  {
    name: "asking for permissions",
    code: `
    for (const name of ["read", "write", "net", "env", "run", "ffi", "sys"]) {
      await Deno.permissions.request({ name });
    }
    Deno.readTextFileSync("/etc/passwd");`,
    says: FORBIDDEN,
  },
  {
    name: "keeping something for the next learner",
    code: body(
      `if (typeof localStorage !== "undefined") return tf.sub(x1, x0); throw new Error("no storage");`,
    ),
    says: /no storage/,
  },
  {
    name: "keeping something for the next learner, from another thread",
    says: NO_NODE,
    code: `
      const { Worker } = process.getBuiltinModule("node:worker_threads");
      const thread = new Worker(\`
        const { parentPort } = process.getBuiltinModule("node:worker_threads");
        (async () => {
          const done = [];
          try { localStorage.setItem("a", "b"); done.push("localStorage"); } catch {}
          try {
            await (await caches.open("a")).put("http://a/", new Response("b"));
            done.push("caches");
          } catch {}
          parentPort.postMessage(done.join());
        })();
      \`, { eval: true });
      const stored = await new Promise((resolve) => thread.on("message", resolve));
      if (stored === "") throw new Error("no storage");
      function velocityTarget(x0, x1) { return tf.sub(x1, x0); }`,
  },
];
