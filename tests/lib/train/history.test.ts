import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { History } from "../../../lib/src/train/history";

const history = new History();
history.rows.push(
  { epoch: 1, step: 10, seconds: 1.25, loss: 0.123456, accuracy: 0.9, learningRate: 0.1 },
  { epoch: 2, step: 20, seconds: 2.5, loss: 0.0612345, accuracy: 1, valLoss: 0.2, learningRate: 0.1 },
);

describe("a history", () => {
  it("reads as one line", () => {
    history.stopped = "epochs";
    expect(inspect(history)).toBe(
      "2 epochs, 20 steps in 2.5 s, all epochs done, loss 0.06123, accuracy 1, valLoss 0.2",
    );
    expect(String(new History())).toBe("no epoch done");
  });

  it("shows itself as a table in a notebook", () => {
    const bundle = (history as never as Record<symbol, () => Record<string, string>>)[Symbol.for("Jupyter.display")]();
    expect(bundle["text/plain"]).toBe(String(history));
    expect(bundle["text/html"]).toContain(
      "<th>epoch</th><th>step</th><th>loss</th><th>accuracy</th><th>valLoss</th><th>seconds</th>",
    );
    expect(bundle["text/html"]).toContain("<td>1</td><td>10</td><td>0.1235</td><td>0.9</td><td></td><td>1.3</td>");
  });

  it("says so where it has no rows", () => {
    expect(() => new History().last).toThrow(
      "history.last: there is no row, because training ended before its first step.",
    );
  });
});
