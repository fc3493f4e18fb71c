import type {
  ExportAllDeclaration,
  ExportNamedDeclaration,
  ImportAttribute,
  ImportDeclaration,
  ModuleDeclaration,
  Statement,
} from "acorn";
import type { Edit } from "./edits.ts";

/** The edits that turn an import or export statement of a cell into what may stand in a function. */
export function moduleEdits(statement: Statement | ModuleDeclaration, code: string): Edit[] {
  switch (statement.type) {
    case "ImportDeclaration":
      return [replace(statement, code, importText(statement))];
    case "ExportAllDeclaration":
      return [replace(statement, code, `;${dynamicImport(statement)};`)];
    case "ExportNamedDeclaration": {
      const { declaration, source } = statement;
      if (declaration) return [withoutExport(statement, declaration)];
      return [replace(statement, code, source ? `;${dynamicImport(statement)};` : ";")];
    }
    case "ExportDefaultDeclaration":
      return [withoutExport(statement, statement.declaration)];
    default:
      return [];
  }
}

/** `import a, { b as c } from "m"` as an assignment: `({ default: a, b: c } = …)`. */
function importText(statement: ImportDeclaration): string {
  const names: string[] = [], bindings: string[] = [];
  let namespace: string | undefined;
  for (const specifier of statement.specifiers) {
    const local = specifier.local.name;
    if (specifier.type === "ImportNamespaceSpecifier") {
      namespace = local;
      continue;
    }
    const name = specifier.type === "ImportDefaultSpecifier"
      ? "default"
      : specifier.imported.type === "Identifier"
      ? specifier.imported.name
      : String(specifier.imported.value);
    names.push(name);
    bindings.push(`${JSON.stringify(name)}: ${local}`);
  }
  const module = dynamicImport(statement);
  const source = JSON.stringify(statement.source.value);
  const checked = `__cell.imported(${module}, ${source}, ${JSON.stringify(names)})`;
  const parts = [
    ...(namespace ? [`${namespace} = ${module}`] : []),
    ...(names.length > 0 ? [`{ ${bindings.join(", ")} } = ${checked}`] : []),
  ];
  return parts.length === 0 ? `;${module};` : `;(${parts.join("), (")});`;
}

/** `await import(…)` of a statement's module, with its attributes, ended by the stop button. */
function dynamicImport(
  { source, attributes, loc }: ImportDeclaration | ExportAllDeclaration | ExportNamedDeclaration,
): string {
  const options = attributes.length > 0
    ? `, { with: { ${attributes.map(attributeText).join(", ")} } }`
    : "";
  const { line, column } = loc!.start;
  const module = `import(${JSON.stringify(source!.value)}${options})`;
  return `await __cell.wait(${module}, ${line}, ${column + 1})`;
}

function attributeText({ key, value }: ImportAttribute): string {
  const name = key.type === "Identifier" ? key.name : key.value;
  return `${JSON.stringify(name)}: ${JSON.stringify(value.value)}`;
}

/** `export` says nothing in a notebook: it goes, what it stands before stays. */
function withoutExport(statement: Span, exported: Span): Edit {
  return { at: statement.start, to: exported.start, insert: "" };
}

/** Replaces a whole statement and keeps the number of lines. */
function replace({ start, end }: Span, code: string, text: string): Edit {
  const lines = code.slice(start, end).split("\n").length - 1;
  return { at: start, to: end, insert: text + "\n".repeat(lines) };
}

interface Span {
  start: number;
  end: number;
}
