import { describe, it } from "vitest";
import { Lion } from "../../../lib/src/optim";
import { expectAsOptax } from "./problem";

describe("Lion", () => {
  it("equals optax over 100 steps", () => {
    expectAsOptax("lion", () => new Lion({ learningRate: 0.003, weightDecay: 0.1 }));
  });
});
