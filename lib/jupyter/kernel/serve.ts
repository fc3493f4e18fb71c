import type { Connection } from "../connection.ts";
import { type Content, createCodec, type Header, type Message } from "../messages.ts";
import { listenForSockets, type ZmtpSocket } from "../zmtp.ts";
import { type Cells, createCells } from "./cells.ts";
import { kernelInfo } from "./kernel_info.ts";

/** A request and the socket that its answer goes to. */
interface Request {
  message: Message;
  socket: ZmtpSocket;
}

const STOPPED = "The cell was stopped. All variables are kept.";

/** Milliseconds in which requests that were sent together with a cell that failed have surely arrived. */
const SETTLE = 20;

/** Serves the five channels of a connection until a front end asks for the end; then `onShutdown` is called. */
export function serve(
  connection: Connection,
  { deno, onShutdown }: { deno: string; onShutdown: () => void },
): Cells {
  const codec = createCodec(connection.key);
  const subscribers = new Set<ZmtpSocket>(), inputs = new Set<ZmtpSocket>();
  const broadcast = (sockets: Set<ZmtpSocket>, frames: Uint8Array[]) => {
    for (const socket of sockets) socket.send(frames).catch(() => sockets.delete(socket));
  };
  const publish = (type: string, content: Content, parent: Partial<Header>, more = {}) =>
    broadcast(subscribers, codec.encode(type, content, parent, more));
  const publishStatus = (execution_state: "busy" | "idle", parent: Partial<Header>) =>
    publish("status", { execution_state }, parent);
  const reply = ({ message: { header }, socket }: Request, content: Content) => {
    const type = header.msg_type.replace(/_request$/, "_reply");
    socket.send(codec.encode(type, content, header)).catch(() => {/* the front end has gone */});
  };

  const listen = (
    port: number,
    type: "ROUTER" | "PUB" | "REP",
    receive: (frames: Uint8Array[], socket: ZmtpSocket) => void,
    sockets?: Set<ZmtpSocket>,
  ) =>
    listenForSockets({ hostname: connection.ip, port }, type, async (socket) => {
      sockets?.add(socket);
      for await (const frames of socket.messages()) receive(frames, socket);
      sockets?.delete(socket);
    });
  const requests = (handle: (request: Request) => void) =>
  (
    frames: Uint8Array[],
    socket: ZmtpSocket,
  ) => {
    const message = codec.decode(frames);
    if (message) handle({ message, socket });
  };

  const cells = createCells({
    deno,
    key: connection.key,
    publish,
    askInput: (content, parent) =>
      broadcast(inputs, codec.encode("input_request", content, parent)),
  });
  let queue: Request[] = [];
  let working = false;
  const work = async () => {
    if (working) return;
    working = true;
    for (let request = queue.shift(); request; request = queue.shift()) {
      const { header, content } = request.message;
      publishStatus("busy", header);
      const answer = await answerShell(cells, request.message);
      // There is nobody in the kernel whom a widget could talk with.
      if (header.msg_type === "comm_open") {
        publish("comm_close", { comm_id: content["comm_id"], data: {} }, header);
      }
      const failed = answer?.["status"] === "error" && content["stop_on_error"] === true;
      const abandoned = failed ? await takeQueued() : [];
      if (answer) reply(request, answer);
      publishStatus("idle", header);
      for (const request of abandoned) {
        publishStatus("busy", request.message.header);
        reply(request, { status: "aborted", execution_count: null });
        publishStatus("idle", request.message.header);
      }
      if (header.msg_type === "shutdown_request") onShutdown();
    }
    working = false;
  };
  /** Takes out what was sent to be run after a cell before it was known to fail. */
  const takeQueued = async () => {
    await new Promise((resolve) => setTimeout(resolve, SETTLE));
    const taken = queue.filter(({ message }) => message.header.msg_type === "execute_request");
    queue = queue.filter((request) => !taken.includes(request));
    return taken;
  };

  const control = (request: Request) => {
    const { header, content } = request.message;
    // While a cell is running the front end must not read "idle".
    const quiet = working;
    if (!quiet) publishStatus("busy", header);
    if (header.msg_type === "kernel_info_request") reply(request, kernelInfo);
    if (header.msg_type === "interrupt_request") {
      reply(request, { status: "ok" });
      cells.interrupt(STOPPED);
    }
    if (header.msg_type === "shutdown_request") {
      const { restart = false } = content;
      publish("shutdown_reply", { status: "ok", restart }, header);
      reply(request, { status: "ok", restart });
    }
    if (!quiet) publishStatus("idle", header);
    if (header.msg_type === "shutdown_request") onShutdown();
  };

  listen(connection.hb_port, "REP", (frames, socket) => void socket.send(frames).catch(() => {}));
  listen(connection.iopub_port, "PUB", ([frame], socket) => {
    if (frame?.[0] === 1) subscribers.add(socket);
    else subscribers.delete(socket);
  });
  listen(
    connection.stdin_port,
    "ROUTER",
    requests(({ message }) => {
      cells.answerInput(String(message.content["value"] ?? ""));
    }),
    inputs,
  );
  listen(connection.control_port, "ROUTER", requests(control));
  listen(
    connection.shell_port,
    "ROUTER",
    requests((request) => {
      queue.push(request);
      work();
    }),
  );
  return cells;
}

/** The answer to a request of the shell channel; nothing for what needs none. */
async function answerShell(cells: Cells, message: Message): Promise<Content | undefined> {
  const { header: { msg_type: type }, content } = message;
  switch (type) {
    case "kernel_info_request":
      return kernelInfo;
    case "execute_request":
      return await cells.execute(message);
    case "complete_request":
    case "is_complete_request":
    case "inspect_request":
      return await cells.forward(type, content).catch((error) => ({
        status: "error",
        ename: "KernelError",
        evalue: String(error?.message ?? error),
        traceback: [],
      }));
    case "history_request":
      return { status: "ok", history: [] };
    case "comm_info_request":
      return { status: "ok", comms: {} };
    case "shutdown_request":
      return { status: "ok", restart: content["restart"] ?? false };
    default:
      return undefined;
  }
}
