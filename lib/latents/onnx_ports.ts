import type { InferenceSession } from "onnxruntime-node";

/** An input or output: sizes that the model leaves open are undefined. */
export interface Port {
  name: string;
  shape: Partial<Record<"batch" | "height" | "width" | "channels", number>>;
}

/** Throws unless the model takes one tensor of latents and gives one of RGB images. */
export function checkSignature(
  path: string,
  session: Pick<InferenceSession, "inputMetadata" | "outputMetadata">,
  channelFirst: boolean,
): { input: Port; output: Port } {
  const { inputMetadata: inputs, outputMetadata: outputs } = session;
  const input = inputs[0], output = outputs[0];
  const layout = channelFirst ? "[B, channels, height, width]" : "[B, height, width, channels]";
  const wrong = (reason: string) =>
    new RangeError(
      `Cannot use ${path} as a decoder: ${reason}. It takes ${describe(inputs)} and gives ` +
        `${describe(outputs)}; expected one float32 input and one float32 output, both ${layout}`,
    );
  if (inputs.length !== 1 || outputs.length !== 1) {
    throw wrong(`it has ${inputs.length} inputs and ${outputs.length} outputs`);
  }
  const ports = [input!, output!].map((port) => {
    if (!port.isTensor || port.type !== "float32") throw wrong(`${port.name} is not float32`);
    if (port.shape.length !== 4) throw wrong(`${port.name} has ${port.shape.length} axes`);
    return toPort(port.name, port.shape, channelFirst);
  });
  const [from, to] = ports as [Port, Port];
  if (to.shape.channels !== undefined && to.shape.channels !== 3) {
    const other = channelFirst ? "last" : "first";
    throw wrong(
      `its images have ${to.shape.channels} channels instead of 3 (do channels come ${other}?)`,
    );
  }
  return { input: from, output: to };
}

function toPort(name: string, axes: readonly (number | string)[], channelFirst: boolean): Port {
  const names = channelFirst
    ? ["batch", "channels", "height", "width"]
    : ["batch", "height", "width", "channels"];
  const known = axes.map((size, axis) => [names[axis]!, size] as const)
    .filter(([, size]) => typeof size === "number" && size > 0);
  return { name, shape: Object.fromEntries(known) };
}

function describe(ports: readonly InferenceSession.ValueMetadata[]): string {
  return ports.map((port) =>
    port.isTensor ? `${port.name} ${port.type}[${port.shape.join(", ")}]` : port.name
  ).join(" and ");
}

/** How much larger images are than latents; undefined where the model leaves sizes open. */
export function factorOf(input: Port, output: Port): number | undefined {
  const { height } = input.shape, { height: larger } = output.shape;
  return height && larger ? larger / height : undefined;
}
