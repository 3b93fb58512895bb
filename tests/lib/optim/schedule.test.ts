import { describe, expect, it } from "vitest";
import { cosine, linear, oneCycle, piecewise, schedule, Schedule, stepDecay, warmup } from "../../../lib/src/optim";
import { fixture } from "./problem";

const schedules: Record<keyof typeof fixture.schedules, Schedule> = {
  cosine: cosine({ steps: 40, to: 0.1 }),
  linear: linear({ steps: 40, to: 0.2 }),
  stepDecay: stepDecay({ every: 15, factor: 0.5 }),
  piecewise: piecewise([10, 30], [1, 0.5, 0.1]),
  warmup: warmup({ steps: 10, then: cosine({ steps: 40 }) }),
  oneCycle: oneCycle({ steps: 40 }),
};

describe("schedules", () => {
  it.each(Object.keys(schedules) as (keyof typeof schedules)[])("%s equals optax's, also after its end", (name) => {
    const factors = Array.from({ length: 60 }, (_, step) => schedules[name](step));
    expect(factors).toBeAllclose(fixture.schedules[name], { atol: 1e-6 });
  });

  it("can be any function, constant after its steps", () => {
    const own = schedule((step) => 1 / (1 + step), 3);
    expect([0, 3, 50].map(own)).toEqual([1, 0.25, 0.25]);
  });

  it("say what they want", () => {
    expect(() => cosine({ steps: 0 })).toThrow("cosine() wants steps to be an integer from 1 up, got 0.");
    expect(() => piecewise([5, 5], [1, 2, 3])).toThrow(
      "piecewise() wants boundaries[1] to be an integer from 6 up, got 5.",
    );
    expect(() => piecewise([5], [1])).toThrow(
      "piecewise() wants factors to be 2 numbers, one more than boundaries, got [1].",
    );
    expect(() => stepDecay({ every: 3, factor: 1 })).toThrow(/between 0 and 1/);
    expect(() => warmup({ steps: 3, then: 0.1 as never })).toThrow(/then to be a function/);
  });
});
