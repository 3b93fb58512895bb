import { describe, expect, it } from "vitest";
import { Sgd } from "../../../lib/src/optim";
import { expectAsOptax } from "./problem";

describe("Sgd", () => {
  it("equals optax over 100 steps: plain, with momentum, and with Nesterov's and weight decay", () => {
    expectAsOptax("sgd", () => new Sgd({ learningRate: 0.1 }));
    expectAsOptax("momentum", () => new Sgd({ learningRate: 0.05, momentum: 0.9 }));
    expectAsOptax("nesterov", () => new Sgd({ learningRate: 0.05, momentum: 0.9, nesterov: true, weightDecay: 0.1 }));
  });

  it("says what it wants", () => {
    expect(() => new Sgd({ learningRate: -1 })).toThrow(
      "Sgd() wants learningRate to be a finite number from 0 up, got -1.",
    );
    expect(() => new Sgd({ momentun: 0.9 } as object)).toThrow(
      "Sgd() has no option momentun. Remedy: did you mean momentum?",
    );
  });
});
