import { assertEquals } from "@std/assert";
import { createCodec } from "@course/jupyter/messages.ts";

Deno.test("a message comes back as it was sent, buffers too", () => {
  const codec = createCodec("key");
  const frames = codec.encode("stream", { text: "ü\n" }, { msg_id: "parent" }, {
    metadata: { a: 1 },
    buffers: [Uint8Array.of(1, 2)],
  });
  // Routers put the address of the peer before the message.
  const message = codec.decode([Uint8Array.of(7), ...frames]);
  assertEquals(message?.content, { text: "ü\n" });
  assertEquals(message?.parent, { msg_id: "parent" });
  assertEquals(message?.metadata, { a: 1 });
  assertEquals(message?.buffers, [Uint8Array.of(1, 2)]);
  assertEquals(message?.header.msg_type, "stream");
});

Deno.test("a message that is not signed with the key is refused", () => {
  const frames = createCodec("key").encode("execute_request", { code: "1" });
  assertEquals(createCodec("other").decode(frames), undefined);
  const changed = frames.with(5, new TextEncoder().encode('{"code":"2"}'));
  assertEquals(createCodec("key").decode(changed), undefined);
  assertEquals(createCodec("key").decode([new Uint8Array(3)]), undefined);
});
