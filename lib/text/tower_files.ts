import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where the towers lie that come with the course. */
export const TOWERS = fileURLToPath(new URL("../../checkpoints/text", import.meta.url));

/** Files of a pair of towers. */
export const TOWER_FILES = {
  about: "tower.json",
  text: "tower.onnx",
  images: "image-tower.safetensors",
} as const;

/** What `tower.json` holds: all that is needed to use the towers besides their weights. */
export interface TowerFile {
  format: typeof TOWER_FORMAT;
  /** Tokens by id. */
  vocabulary: readonly string[];
  /** Tokens per text, L. */
  length: number;
  /** Width of a token's vector, D. */
  tokenWidth: number;
  /** Texts that the ONNX file takes at once. */
  batch: number;
  /** What the image tower is made of. */
  images: { imageShape: [number, number, number]; width: number };
  card: TowerCard;
}

/** What the towers say about themselves. */
export interface TowerCard {
  /** In a sentence, for people. */
  what: string;
  /** The command that trained them. */
  command: string;
  /** Commit of the code that trained them; null if unknown. */
  commit: string | null;
  /** Updates made. */
  step: number;
  /** Training time, on the machine that is named. */
  minutes: number;
  machine: string;
  /** Numbers in the text tower and in the image tower. */
  parameters: { text: number; images: number };
  /** Which pictures they learned from, for people and for programs. */
  trained_on: string;
  fingerprint: string;
  /** What was measured on held-out pictures and captions, by name. */
  heldout: Record<string, number>;
}

/** First line of `tower.json`. */
export const TOWER_FORMAT = "text tower 1";

/** Reads a file of the towers; throws a RangeError that says what is missing and what to do. */
export async function readTowerFile(
  file: keyof typeof TOWER_FILES,
  folder: string = TOWERS,
): Promise<Uint8Array<ArrayBuffer>> {
  const path = join(folder, TOWER_FILES[file]);
  try {
    return await Deno.readFile(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new RangeError(
      `There is no text tower at ${path}: \`deno task train text\` trains one, ` +
        "`deno task ship-text RUN` makes its files",
    );
  }
}

/** Reads `tower.json`; throws a RangeError if it is damaged. */
export async function readTowerAbout(folder?: string): Promise<TowerFile> {
  const text = new TextDecoder().decode(await readTowerFile("about", folder));
  let about: Partial<TowerFile>;
  try {
    about = JSON.parse(text);
  } catch {
    throw damaged("about", folder, "it is no JSON");
  }
  if (about?.format !== TOWER_FORMAT || !Array.isArray(about.vocabulary) || !about.images) {
    throw damaged("about", folder, `expected the format "${TOWER_FORMAT}"`);
  }
  return about as TowerFile;
}

/** The error for a file that is there and of no use. */
export function damaged(
  file: keyof typeof TOWER_FILES,
  folder: string = TOWERS,
  reason: string,
): RangeError {
  return new RangeError(
    `Cannot use ${join(folder, TOWER_FILES[file])}: ${reason}. ` +
      "Put the file back as it came with the course",
  );
}
