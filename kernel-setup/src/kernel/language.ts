import type { Converter } from "tslab/dist/converter";
import type { Tslab } from "./tslab";

/**
 * Offsets in the protocol count code points, those of TypeScript count UTF-16 units: they differ after an emoji.
 */
function toUnits(code: string, points: number): number {
  return Array.from(code).slice(0, points).join("").length;
}

function toPoints(code: string, units: number): number {
  return Array.from(code.slice(0, units)).length;
}

/** Answers `complete_request`. */
export function complete(converter: Converter, { code, cursor_pos: at }: Record<string, unknown>) {
  const text = String(code);
  const { start, end, candidates } = converter.complete("", text, toUnits(text, cursor(at, text)));
  return {
    status: "ok",
    matches: candidates,
    cursor_start: toPoints(text, start),
    cursor_end: toPoints(text, end),
    metadata: {},
  };
}

/** Answers `inspect_request` with the signature and the doc comment, as Markdown and as plain text. */
export function inspect(converter: Converter, { code, cursor_pos: at }: Record<string, unknown>) {
  const text = String(code);
  const position = toUnits(text, cursor(at, text));
  // Front ends put the cursor behind the word, where TypeScript sees nothing.
  const info = converter.inspect("", text, position) ?? converter.inspect("", text, Math.max(0, position - 1));
  if (!info) return { status: "ok", found: false, data: {}, metadata: {} };
  return { status: "ok", found: true, data: documentation(info), metadata: {} };
}

type QuickInfo = NonNullable<ReturnType<Converter["inspect"]>>;

/** The signature and the doc comment of a name, as Markdown and as plain text. */
export function documentation(info: QuickInfo): Record<string, string> {
  const join = (parts: { text: string }[] = []) => parts.map((part) => part.text).join("");
  const signature = join(info.displayParts);
  const docs = join(info.documentation);
  const tags = (info.tags ?? []).map(({ name, text }) => ({ name, text: join(text) }));
  const markdown = [`\`\`\`typescript\n${signature}\n\`\`\``];
  const plain = [signature];
  if (docs !== "") {
    markdown.push(docs);
    plain.push(docs);
  }
  for (const { name, text } of tags) {
    plain.push(`@${name} ${text}`.trimEnd());
    if (name === "example") markdown.push(/```/.test(text) ? text : `\`\`\`typescript\n${text}\n\`\`\``);
    else if (name === "param") markdown.push(`- ${text.replace(/^(\S+)/, "`$1`")}`);
    else markdown.push(`*${name}* ${text}`.trimEnd());
  }
  return { "text/plain": plain.join("\n\n"), "text/markdown": markdown.join("\n\n") };
}

/** Answers `is_complete_request`: whether Enter runs the code or begins a new line. */
export function isComplete(tslab: Tslab, { code }: Record<string, unknown>) {
  const { completed, indent = "" } = tslab.isCompleteCode(String(code));
  return completed ? { status: "complete" } : { status: "incomplete", indent };
}

function cursor(at: unknown, text: string): number {
  return typeof at === "number" ? at : Array.from(text).length;
}
