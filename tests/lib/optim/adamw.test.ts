import { describe, it } from "vitest";
import { AdamW, warmup, cosine } from "../../../lib/src/optim";
import { expectAsOptax } from "./problem";

describe("AdamW", () => {
  it("equals optax over 100 steps", () => {
    expectAsOptax("adamw", () => new AdamW({ learningRate: 0.01, weightDecay: 0.1 }));
  });

  it("shrinks only the variables that it is told to", () => {
    expectAsOptax("adamwWeights", () => new AdamW({ learningRate: 0.01, weightDecay: 0.1, decays: (v) => v.rank > 1 }));
  });

  it("follows a schedule as optax does", () => {
    const schedule = warmup({ steps: 10, then: cosine({ steps: 40 }) });
    expectAsOptax("scheduled", () => new AdamW({ learningRate: 0.02, weightDecay: 0.1, schedule }));
  });
});
