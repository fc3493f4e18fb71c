/**
 * A server on this machine that answers as the public hub does for one dataset, `owner/set`: lists of files in pages,
 * and files in parts, behind a redirection.
 */
export function startHub(
  files: Readonly<Record<string, Uint8Array<ArrayBuffer>>>,
  pageSize = 1000,
) {
  /** Bytes that were sent, by file, and what was asked for. */
  const sent: Record<string, number> = {}, asked: string[] = [];
  /** Takes the place of an answer when it gives one. */
  const hub = {
    interfere: undefined as ((request: Request, url: URL) => Response | undefined) | undefined,
  };
  const names = Object.keys(files).sort();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    const url = new URL(request.url), range = request.headers.get("range");
    asked.push(`${url.pathname} ${range ?? ""}`.trim());
    const instead = hub.interfere?.(request, url);
    if (instead) return instead;

    const tree = /^\/api\/datasets\/owner\/set\/tree\/main(?:\/(.+))?$/.exec(url.pathname);
    if (tree) {
      const below = names.filter((name) => !tree[1] || name.startsWith(`${tree[1]}/`));
      const from = Number(url.searchParams.get("cursor") ?? 0), to = from + pageSize;
      const page = below.slice(from, to).map((path) => {
        return { type: "file", path, size: files[path]!.length, oid: `oid of ${path}` };
      });
      url.searchParams.set("cursor", `${to}`);
      const headers = to < below.length ? { link: `<${url.href}>; rel="next"` } : undefined;
      return Response.json([{ type: "directory", path: "data", size: 0, oid: "d" }, ...page], {
        ...(headers && { headers }),
      });
    }
    const resolve = /^\/datasets\/owner\/set\/resolve\/main\/(.+)$/.exec(url.pathname);
    if (resolve) return Response.redirect(new URL(`/store/${resolve[1]}`, url), 302);
    const name = url.pathname.replace(/^\/store\//, ""), content = files[name];
    if (!content) return new Response("not here", { status: 404 });
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(range ?? "") ?? [];
    if (from === undefined) return new Response(content);
    const part = content.slice(Number(from), Number(to) + 1);
    sent[name] = (sent[name] ?? 0) + part.length;
    const end = Number(from) + part.length - 1;
    return new Response(part, {
      status: 206,
      headers: { "content-range": `bytes ${from}-${end}/${content.length}` },
    });
  });
  return Object.assign(hub, {
    origin: `http://127.0.0.1:${server.addr.port}`,
    sent,
    asked,
    [Symbol.asyncDispose]: () => server.shutdown(),
  });
}
