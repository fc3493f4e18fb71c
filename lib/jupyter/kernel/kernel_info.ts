import type { Content } from "../messages.ts";

/** What the kernel says about itself. */
export const kernelInfo: Content = {
  status: "ok",
  protocol_version: "5.3",
  implementation: "deno-course",
  implementation_version: Deno.version.deno,
  language_info: {
    name: "typescript",
    version: Deno.version.typescript,
    mimetype: "text/x.typescript",
    file_extension: ".ts",
    pygments_lexer: "typescript",
    codemirror_mode: "typescript",
    nbconvert_exporter: "script",
  },
  banner: `TypeScript ${Deno.version.typescript} in Deno ${Deno.version.deno}`,
  help_links: [{ text: "Deno", url: "https://docs.deno.com" }],
  debugger: false,
};
