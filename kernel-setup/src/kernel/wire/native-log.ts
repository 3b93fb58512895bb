/**
 * Lines that TensorFlow's C++ code logs: `2026-01-31 12:00:00.000000: I tensorflow/…]`, absl's `I0000 00:00:1…]`
 * and the lines that go with them.
 */
const LOG_LINE =
  /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+: [IWEF] |[IWEF]\d{4} \d\d:\d\d:[\d.]+ +\d+ |WARNING: All log messages before absl::InitializeLog|To enable the following instructions: )/;

/** The start of a line that may still become one of those. */
const LOG_START =
  /^(\d{1,4}(-[\d-]*)?( [\d:.]*)?|[IWEF]\d{0,4}( [\d:.]*)?( +\d*)?|W(A(R(N(I(N(G(:.*)?)?)?)?)?)?)?|T(o( .*)?)?)$/;

/** Separates C++ log lines from what a program wants to show. */
export class NativeLog {
  private held = "";

  /** Takes text as it comes, whole lines or not; returns what belongs into the cell and what into the log. */
  split(text: string): { shown: string; logged: string } {
    const lines = (this.held + text).split("\n");
    this.held = "";
    const last = lines.pop() ?? "";
    let shown = "";
    let logged = "";
    for (const line of lines) {
      if (LOG_LINE.test(line)) logged += `${line}\n`;
      else shown += `${line}\n`;
    }
    // Progress bars end without a line feed and must be seen at once; only what may become a log line waits.
    if (LOG_LINE.test(last) || (last !== "" && LOG_START.test(last))) this.held = last;
    else shown += last;
    return { shown, logged };
  }

  /** What was held back at the end of a cell. */
  end(): { shown: string; logged: string } {
    const { held } = this;
    this.held = "";
    return LOG_LINE.test(held) ? { shown: "", logged: `${held}\n` } : { shown: held, logged: "" };
  }
}
