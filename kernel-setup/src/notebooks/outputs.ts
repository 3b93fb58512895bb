/**
 * What a cell's messages amount to in the file: streams joined, updates folded into the display they update, progress
 * bars in their last state, no noise from TensorFlow's start-up.
 */

export interface StreamOutput {
  output_type: "stream";
  name: "stdout" | "stderr";
  text: string;
}

export interface RichOutput {
  output_type: "display_data" | "execute_result";
  /** A MIME type each: text as a string, JSON types as they are. */
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
  execution_count?: number | null;
}

export interface ErrorOutput {
  output_type: "error";
  ename: string;
  evalue: string;
  traceback: string[];
}

export type Output = StreamOutput | RichOutput | ErrorOutput;

/** A message of the kernel on its iopub channel, reduced to what an output needs. */
export interface OutputMessage {
  type: string;
  content: Record<string, unknown>;
}

/** Lines that TensorFlow's C++ side writes when it starts: of interest to a bug report, not to a reader. */
const noise =
  /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+: [IWE] |WARNING: All log messages before absl|[IWE]\d{4} \d\d:\d\d).*\n?|^To enable the following instructions:.*\n?/gm;

/** The text as a terminal would leave it: what stands after the last carriage return of each line, without noise. */
export const settle = (text: string): string =>
  text
    .replace(/\r+\n/g, "\n")
    .replace(/^[^\n]*\r(?!$)/gm, "")
    .replace(noise, "");

/** All outputs of one run of a notebook: an update may come long after the cell that showed the display. */
export class OutputCollector {
  private readonly displays = new Map<string, RichOutput[]>();
  private readonly waiting = new Set<Output[]>();

  /** Adds one message to a cell's outputs. Messages that leave nothing behind (status, execute_input) are passed over. */
  add(outputs: Output[], { type, content }: OutputMessage): void {
    if (type === "clear_output") {
      if (content.wait) this.waiting.add(outputs);
      else outputs.length = 0;
      return;
    }
    if (type === "update_display_data") return this.update(content);
    const output = toOutput(type, content);
    if (!output) return;
    if (this.waiting.delete(outputs)) outputs.length = 0;
    const last = outputs.at(-1);
    if (output.output_type === "stream" && last?.output_type === "stream" && last.name === output.name) {
      last.text += output.text;
      return;
    }
    outputs.push(output);
    const id = displayId(content);
    if (id !== undefined) this.displays.set(id, [...(this.displays.get(id) ?? []), output as RichOutput]);
  }

  private update(content: Record<string, unknown>): void {
    for (const shown of this.displays.get(displayId(content) ?? "") ?? []) {
      shown.data = content.data as RichOutput["data"];
      shown.metadata = (content.metadata ?? {}) as RichOutput["metadata"];
    }
  }
}

const displayId = (content: Record<string, unknown>): string | undefined =>
  (content.transient as { display_id?: string } | undefined)?.display_id;

function toOutput(type: string, content: Record<string, unknown>): Output | undefined {
  const metadata = (content.metadata ?? {}) as Record<string, unknown>;
  const data = content.data as Record<string, unknown>;
  switch (type) {
    case "stream":
      return { output_type: "stream", name: content.name as "stdout" | "stderr", text: content.text as string };
    case "display_data":
      return { output_type: type, data, metadata };
    case "execute_result":
      return { output_type: type, data, metadata, execution_count: content.execution_count as number };
    case "error":
      return {
        output_type: "error",
        ename: content.ename as string,
        evalue: content.evalue as string,
        traceback: content.traceback as string[],
      };
    default:
      return undefined;
  }
}

/** The outputs as they are stored: settled text, empty streams left out. */
export const settleOutputs = (outputs: Output[]): Output[] =>
  outputs
    .map((output) => (output.output_type === "stream" ? { ...output, text: settle(output.text) } : output))
    .filter((output) => output.output_type !== "stream" || output.text !== "");
