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
  const info = lookUp(converter, text, position) ?? lookUp(converter, text, Math.max(0, position - 1));
  if (info === null) return { status: "ok", found: false, data: {}, metadata: {} };
  return { status: "ok", found: true, data: documentation(info), metadata: {} };
}

type QuickInfo = NonNullable<ReturnType<Converter["inspect"]>>;

/** What TypeScript knows of the name at a place. Of a name that does not exist it says only `any`. */
function lookUp(converter: Converter, text: string, position: number): QuickInfo | null {
  const info = converter.inspect("", text, position) as QuickInfo | undefined;
  if (info === undefined) return null;
  const [first, ...more] = info.displayParts ?? [];
  return first?.text === "any" && more.length === 0 ? null : info;
}

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

/**
 * Answers `is_complete_request`: whether Enter runs the code, begins a new line, or can only show a syntax error.
 */
export function isComplete({ isCompleteCode, ts }: Tslab, { code }: Record<string, unknown>) {
  const text = String(code);
  if (isHelp(text)) return { status: "complete" };
  const { completed, indent = "" } = isCompleteCode(text);
  if (!completed) return { status: "incomplete", indent };
  // As a module, because only there `await` may stand outside all functions.
  const file = ts.createSourceFile("cell.ts", `export {};\n${text}`, ts.ScriptTarget.Latest);
  const { parseDiagnostics } = file as unknown as { parseDiagnostics: unknown[] };
  return { status: parseDiagnostics.length > 0 ? "invalid" : "complete" };
}

const HELP = /^\s*([\w$]+(?:\.[\w$]+)*)\s*\?{1,2}\s*$/;

/** Whether a cell asks for help as in IPython: a name with a question mark behind it. */
export function isHelp(code: string): boolean {
  return HELP.test(code);
}

/**
 * The page that `tf.conv2d?` shows: signature and doc comment of the name.
 *
 * @throws Error for a name that is not known.
 */
export function helpPage(converter: Converter, code: string): Record<string, unknown> {
  const name = HELP.exec(code)?.[1] ?? "";
  const info = lookUp(converter, name, name.length - 1);
  if (info === null) throw new Error(`There is nothing named ${name} yet.`);
  return { source: "page", data: documentation(info), start: 0 };
}

function cursor(at: unknown, text: string): number {
  return typeof at === "number" ? at : Array.from(text).length;
}
