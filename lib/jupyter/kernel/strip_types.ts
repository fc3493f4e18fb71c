import { SourceMap, stripTypeScriptTypes } from "node:module";

/** JavaScript made of TypeScript. */
export interface Stripped {
  code: string;
  /** Where lines were moved: for every line of the code the line as it was written, both from 1. */
  lines?: number[];
}

/** The declared types of some versions know the mode "strip" alone. */
const REWRITTEN = { mode: "transform", sourceMap: true } as unknown as { mode: "strip" };

/**
 * Types replaced by blanks, so that everything stays in its place. Code with enums, namespaces or parameter
 * properties, which have no such form in JavaScript, is rewritten and comes with a table of its lines.
 */
export function stripTypes(source: string): Stripped {
  try {
    return { code: stripTypeScriptTypes(source) };
  } catch (error) {
    if (!/not supported in strip/.test((error as Error).message)) throw error;
  }
  // Rewriting drops imports that are not used here, but other cells may use them: they are kept out of it.
  const imports: string[] = [];
  const rest = source.replace(
    /^import\b[^;'"]*?(?:\bfrom\s*)?(?:"[^"\n]*"|'[^'\n]*')(?:\s*with\s*\{[^}]*\})?;?/gm,
    (statement) => {
      imports.push(stripTypeScriptTypes(statement).replace(/\s+/g, " ").trim());
      return statement.replace(/[^\n]/g, " ");
    },
  );
  const transformed = stripTypeScriptTypes(rest, REWRITTEN);
  const [code, encoded] = transformed.split(/^\/\/# sourceMappingURL=.*base64,/m);
  const map = new SourceMap(JSON.parse(atob(encoded!.trim())));
  const lines: number[] = [];
  code!.split("\n").forEach((_, i) => {
    const entry = map.findEntry(i, 0) as { originalLine?: number };
    lines.push(entry.originalLine === undefined ? lines.at(-1) ?? 1 : entry.originalLine + 1);
  });
  return { code: [...imports, code].join(" "), lines };
}
