import { dit, type DiTOptions } from "./dit.ts";
import { DIT_PRESETS, type DiTPreset, type DiTSize } from "./dit_presets.ts";
import type { ImageShape, Model } from "./model.ts";
import type { TextShape } from "./text_conditioning.ts";
import { unet, type UNetOptions } from "./unet.ts";

/** What every model is asked for. */
interface CommonConfig {
  imageShape: ImageShape;
  /** Number of classes; 0 or absent for an unconditional model. */
  classes?: number;
  /** Shape of encoded prompts; absent for a model without text. */
  text?: TextShape;
}

/** A DiT by preset, by numbers, or by a preset of which some numbers are changed. */
export interface DiTConfig extends CommonConfig, Partial<Omit<DiTOptions, keyof CommonConfig>> {
  kind: "dit";
  preset?: DiTPreset;
}

/** A U-Net. */
export interface UNetConfig extends CommonConfig, Partial<Omit<UNetOptions, keyof CommonConfig>> {
  kind: "unet";
}

/** A plain description of a model, as it stands in configs and checkpoints. */
export type ModelConfig = DiTConfig | UNetConfig;

/** Builds the model that a plain config describes; throws with the nearest valid choice if it cannot. */
export function buildModel(config: ModelConfig): Model {
  switch (config.kind) {
    case "dit":
      return dit(ditOptions(config));
    case "unet":
      return unet(unetOptions(config));
    default: {
      const { kind } = config as { kind: unknown };
      throw new RangeError(`Unknown kind of model "${kind}": choose one of dit, unet`);
    }
  }
}

function ditOptions(config: DiTConfig): DiTOptions {
  const { kind: _, preset, ...numbers } = config;
  const size = { patch: 4, mlpRatio: 4, ...presetSize(preset), ...numbers };
  const { width, depth, heads, conditioningWidth = width } = size;
  if (width === undefined || depth === undefined || heads === undefined) {
    throw new RangeError(
      "Cannot build dit: give width, depth and heads, or a preset: " +
        Object.keys(DIT_PRESETS).join(", "),
    );
  }
  const options: DiTOptions = {
    classes: 0,
    timeScale: 1000,
    gates: true,
    zeroInit: true,
    crossAttention: true,
    relativeBias: false,
    sketch: 0,
    ...size,
    width,
    depth,
    heads,
    conditioningWidth: conditioningWidth!,
  };
  checkKeys("dit", options, DIT_KEYS);
  checkWhole("dit", { width, depth, heads, patch: options.patch });
  checkWhole("dit", { conditioningWidth: options.conditioningWidth });
  checkWhole("dit", { sketch: options.sketch }, 0);
  checkCommon("dit", options);
  if (!(options.mlpRatio > 0)) {
    throw new RangeError(`Cannot build dit: mlpRatio is ${options.mlpRatio}, expected above 0`);
  }
  return options;
}

function presetSize(preset: string | undefined): Partial<DiTSize> {
  if (preset === undefined) return {};
  if (Object.hasOwn(DIT_PRESETS, preset)) return DIT_PRESETS[preset as DiTPreset];
  throw new RangeError(
    `Unknown dit preset "${preset}": choose one of ${Object.keys(DIT_PRESETS).join(", ")}`,
  );
}

function unetOptions({ kind: _, text, ...config }: UNetConfig): UNetOptions {
  if (text) throw new RangeError("Cannot build unet: it takes no text; use a dit");
  const options = { classes: 0, width: 64, groups: 8, timeScale: 1000, ...config };
  checkKeys("unet", options, UNET_KEYS);
  checkWhole("unet", { width: options.width, groups: options.groups });
  checkCommon("unet", options);
  return options;
}

const COMMON_KEYS = ["imageShape", "classes", "timeScale"];
const UNET_KEYS = [...COMMON_KEYS, "width", "groups"];
const DIT_KEYS = [
  ...COMMON_KEYS,
  ...Object.keys(DIT_PRESETS.nano),
  "gates",
  "zeroInit",
  "text",
  "crossAttention",
  "relativeBias",
  "sketch",
];

function checkCommon(
  kind: string,
  { imageShape, classes, timeScale }: Pick<UNetOptions, "imageShape" | "classes" | "timeScale">,
): void {
  if (!Array.isArray(imageShape) || imageShape.length !== 3) {
    throw new RangeError(
      `Cannot build ${kind}: imageShape is ${
        JSON.stringify(imageShape)
      }, expected [height, width, channels]`,
    );
  }
  const [height, width, channels] = imageShape;
  checkWhole(kind, { "image height": height, "image width": width, "image channels": channels });
  checkWhole(kind, { classes }, 0);
  if (!(timeScale > 0)) {
    throw new RangeError(`Cannot build ${kind}: timeScale is ${timeScale}, expected above 0`);
  }
}

function checkWhole(kind: string, numbers: Record<string, unknown>, least = 1): void {
  for (const [name, value] of Object.entries(numbers)) {
    if (!Number.isInteger(value) || (value as number) < least) {
      throw new RangeError(
        `Cannot build ${kind}: ${name} is ${value}, expected a whole number from ${least}`,
      );
    }
  }
}

function checkKeys(kind: string, options: object, known: readonly string[]): void {
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) {
      throw new RangeError(`Unknown key "${key}" of ${kind}: there are ${known.join(", ")}`);
    }
  }
}
