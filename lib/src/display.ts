/**
 * The only door to the notebook. Outputs leave through here, as bundles that carry one thing in several MIME types, and
 * reach whoever runs the code: our kernel, a stock tslab, or the terminal of a plain program.
 */
import { createRequire } from "node:module";
import { interruptSignal } from "./progress";

export { interruptSignal };

/** One output in several forms, by MIME type: text as strings, JSON types as objects, binary types in base64. */
export type MimeBundle = Record<string, unknown>;

export interface DisplayOptions {
  /** A name under which the output can be replaced later. */
  displayId?: string;
  /** Replaces the output with that name instead of adding one. @default false */
  update?: boolean;
  /** What viewers should know, by MIME type: `{ "image/png": { width: 200 } }`. */
  metadata?: Record<string, unknown>;
}

/** What a rich object answers to `Symbol.for("Jupyter.display")`. */
export interface RichOutput {
  data: MimeBundle;
  metadata?: Record<string, unknown>;
}

/** An output that stays and can be redrawn. */
export interface LiveDisplay {
  readonly id: string;
  /** Puts this in place of what is shown. */
  update(data: MimeBundle, metadata?: Record<string, unknown>): void;
}

/** The method by which an object says how it wants to be shown; Deno's kernel asks for the same. */
export const jupyterDisplay: unique symbol = Symbol.for("Jupyter.display") as never;

type Sink = (data: MimeBundle, options: DisplayOptions) => void;

/**
 * Shows a bundle below the running cell. A plain program prints its `text/plain`.
 *
 * @throws TypeError where there is no `text/plain`: some viewers know nothing else
 */
export function display(data: MimeBundle, options: DisplayOptions = {}): void {
  if (typeof data?.["text/plain"] !== "string") {
    throw new TypeError(
      "display() wants a bundle with text/plain, for viewers that show nothing else. Remedy: add a line of text.",
    );
  }
  (ourKernel() ?? stockTslab() ?? terminal)(data, options);
}

let opened = 0;

/** Shows a bundle that will change, such as a chart of a running training. */
export function openDisplay(data: MimeBundle, metadata?: Record<string, unknown>): LiveDisplay {
  const id = `nablab-display-${process.pid}-${++opened}`;
  display(data, { displayId: id, metadata });
  return { id, update: (next, meta) => display(next, { displayId: id, update: true, metadata: meta }) };
}

/** True where outputs are seen as they are, not as text: in a notebook of any kernel. */
export function inNotebook(): boolean {
  return (ourKernel() ?? stockTslab()) !== undefined;
}

function ourKernel(): Sink | undefined {
  const kernel = (globalThis as Record<symbol, unknown>)[Symbol.for("nablab.kernel")] as { display: Sink } | undefined;
  return kernel && ((data, options) => kernel.display(data, options));
}

interface TslabJupyter {
  lastWriteDisplayData: ((content: object, update: boolean) => void) | null;
}

/**
 * tslab's own `display.raw` sends one MIME type and no metadata; the function behind it takes whole bundles. It is looked
 * for among the modules that run, because a copy that we load ourselves would be connected to nothing.
 */
function stockTslab(): Sink | undefined {
  const { cache } = createRequire(__filename);
  const loaded = Object.keys(cache).find((path) => /[\\/]tslab[\\/]dist[\\/]jupyter\.js$/.test(path));
  const jupyter = loaded === undefined ? undefined : (cache[loaded]?.exports as TslabJupyter);
  const write = jupyter?.lastWriteDisplayData;
  if (!write) return undefined;
  return (data, { displayId, update = false, metadata = {} }) =>
    write({ data, metadata, transient: displayId === undefined ? {} : { display_id: displayId } }, update);
}

const terminal: Sink = (data) => console.log(data["text/plain"]);
