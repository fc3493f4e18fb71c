import type { Content } from "./messages.ts";
import type { CellOutput, MimeBundle } from "./notebook_format.ts";

/** Turns the messages of a running cell into the outputs that a notebook stores. */
export interface OutputCollector {
  outputs: CellOutput[];
  /** Set when the cell has finished. */
  closed: boolean;
  /** Takes one message in; returns the output that is new or has changed. */
  receive(type: string, content: Content): CellOutput | undefined;
}

/** A collector for one cell: joins pieces of a stream, applies display updates and `clear_output`. */
export function createOutputCollector(): OutputCollector {
  const outputs: CellOutput[] = [];
  const displays = new Map<string, { data: MimeBundle; metadata: Record<string, unknown> }>();
  let clearNext = false;
  const add = <Output extends CellOutput>(output: Output): Output => {
    if (clearNext) outputs.length = 0;
    clearNext = false;
    outputs.push(output);
    return output;
  };
  const collector: OutputCollector = {
    outputs,
    closed: false,
    receive(type, content) {
      const { data, metadata = {} } = content;
      const id = content["transient"]?.["display_id"] as string | undefined;
      switch (type) {
        case "stream": {
          const last = clearNext ? undefined : outputs.at(-1);
          if (last?.output_type === "stream" && last.name === content["name"]) {
            last.text += content["text"];
            return last;
          }
          return add({ output_type: "stream", name: content["name"], text: content["text"] });
        }
        case "display_data": {
          const output = add({ output_type: "display_data", data, metadata });
          if (id) displays.set(id, output);
          return output;
        }
        case "execute_result":
          return add({
            output_type: "execute_result",
            data,
            metadata,
            execution_count: content["execution_count"],
          });
        case "update_display_data": {
          const output = displays.get(id ?? "");
          if (!output) return undefined;
          Object.assign(output, { data, metadata });
          return output as CellOutput;
        }
        case "clear_output":
          if (content["wait"]) clearNext = true;
          else outputs.length = 0;
          return undefined;
        case "error": {
          const { ename, evalue, traceback } = content;
          return add({ output_type: "error", ename, evalue, traceback });
        }
        default:
          return undefined;
      }
    },
  };
  return collector;
}
