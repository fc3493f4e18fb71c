/** A piece of a lesson, in the order in which it is read. */
export type Block =
  | { kind: "text"; text: string }
  | { kind: "code"; code: string; tags: readonly string[] }
  | { kind: "exercise"; id: string };

/** A lesson that cannot be read; the message names the line. */
export class LessonError extends Error {
  override name = "LessonError";
}

const FENCE = /^(`{3,}|~{3,})(.*)$/,
  TAGS = /^<!-- tags: (.+) -->$/,
  EXERCISE = /^<!-- exercise (\S+) -->$/;

/**
 * Takes the Markdown of a lesson apart: text between code becomes text blocks (a line `---` parts two), fences
 * marked `ts` become code, `<!-- exercise 1.2 -->` an exercise, `<!-- tags: a, b -->` tags the code that follows.
 * Other fences, and fences that are indented, stay in their text. Throws a {@linkcode LessonError}.
 */
export function parseLesson(markdown: string, path: string): Block[] {
  const blocks: Block[] = [];
  const lines = markdown.replaceAll("\r\n", "\n").split("\n");
  let text: string[] = [], tags: string[] = [], tagLine = 0;
  const endText = () => {
    const joined = text.join("\n").replace(/^\n+|\s+$/g, "");
    if (joined !== "") blocks.push({ kind: "text", text: joined });
    text = [];
  };
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    const [, fence, language] = FENCE.exec(line) ?? [];
    const [, tagList] = TAGS.exec(line) ?? [], [, exercise] = EXERCISE.exec(line) ?? [];
    if (fence !== undefined) {
      const end = lines.findIndex((other, j) => j > i && other.trim() === fence);
      if (end < 0) throw new LessonError(`${path}:${i + 1}: this fence has no end`);
      if (language!.trim() === "ts") {
        endText();
        blocks.push({ kind: "code", code: lines.slice(i + 1, end).join("\n").trim(), tags });
        tags = [];
      } else text.push(...lines.slice(i, end + 1));
      i = end;
    } else if (tagList !== undefined) {
      [tags, tagLine] = [tagList.split(",").map((tag) => tag.trim()), i + 1];
    } else if (exercise !== undefined) {
      endText();
      blocks.push({ kind: "exercise", id: exercise });
    } else if (line.trim() === "---") endText();
    else {
      if (tags.length > 0 && line.trim() !== "") {
        throw new LessonError(`${path}:${tagLine}: tags stand right before a fence marked ts`);
      }
      text.push(line);
    }
  }
  if (tags.length > 0) throw new LessonError(`${path}:${tagLine}: tags stand right before a fence`);
  endText();
  return blocks;
}
