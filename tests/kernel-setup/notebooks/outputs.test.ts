import { describe, expect, it } from "vitest";
import { OutputCollector, settle, settleOutputs, type Output } from "../../../kernel-setup/src/notebooks/outputs";

const stream = (text: string, name = "stdout") => ({ type: "stream", content: { name, text } });
const display = (text: string, id?: string, type = "display_data") => ({
  type,
  content: { data: { "text/plain": text }, metadata: {}, transient: id ? { display_id: id } : {} },
});

const collect = (...messages: { type: string; content: Record<string, unknown> }[]): Output[] => {
  const outputs: Output[] = [];
  const collector = new OutputCollector();
  for (const message of messages) collector.add(outputs, message);
  return outputs;
};

describe("collecting outputs", () => {
  it("joins what one stream says and keeps two streams apart", () => {
    expect(collect(stream("a"), stream("b\n"), stream("!", "stderr"), stream("c"))).toEqual([
      { output_type: "stream", name: "stdout", text: "ab\n" },
      { output_type: "stream", name: "stderr", text: "!" },
      { output_type: "stream", name: "stdout", text: "c" },
    ]);
  });

  it("folds updates into every display with that id, in earlier cells too", () => {
    const collector = new OutputCollector();
    const [first, second]: Output[][] = [[], []];
    collector.add(first, display("1", "x"));
    collector.add(second, display("1", "x"));
    collector.add(second, display("other", "y"));
    collector.add(second, display("2", "x", "update_display_data"));
    expect([first, second].map((cell) => cell.map((o) => "data" in o && o.data["text/plain"]))).toEqual([
      ["2"],
      ["2", "other"],
    ]);
  });

  it("drops updates of displays that nobody has shown", () => {
    expect(collect(display("1", "x", "update_display_data"))).toEqual([]);
  });

  it("clears at once, or with the next output when asked to wait", () => {
    expect(collect(stream("a"), { type: "clear_output", content: { wait: false } })).toEqual([]);
    const wait = { type: "clear_output", content: { wait: true } };
    expect(collect(stream("a"), wait)).toHaveLength(1);
    expect(collect(stream("a"), wait, stream("b"))).toEqual([{ output_type: "stream", name: "stdout", text: "b" }]);
  });

  it("passes over messages that leave nothing on the page", () => {
    expect(
      collect({ type: "status", content: { execution_state: "busy" } }, { type: "execute_input", content: {} }),
    ).toEqual([]);
  });
});

describe("settling a stream", () => {
  it("keeps the last state of a progress bar", () => {
    expect(settle("10 %\r50 %\r100 %\ndone\n")).toBe("100 %\ndone\n");
    expect(settle("a\r\nb\r\n")).toBe("a\nb\n");
  });

  it("drops what TensorFlow's C++ side writes at its start, and nothing of the reader's", () => {
    const noise =
      "2025-11-23 22:01:02.123456: I tensorflow/core/util/port.cc:153] oneDNN custom operations are on.\n" +
      "WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\n" +
      "I0000 00:00:1732399262.123 1 gpu_device.cc:2022] Created device\n" +
      "To enable the following instructions: AVX2 FMA, rebuild TensorFlow.\n";
    expect(settle(`${noise}Epoch 1\n2025-11-23 was a Sunday\n`)).toBe("Epoch 1\n2025-11-23 was a Sunday\n");
    expect(settleOutputs(collect(stream(noise, "stderr")))).toEqual([]);
  });
});
