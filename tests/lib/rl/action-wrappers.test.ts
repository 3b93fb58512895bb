import { describe, expect, it } from "vitest";
import {
  checkEnv,
  clipAction,
  identity,
  MountainCarContinuous,
  Pendulum,
  rescaleAction,
  unwrap,
} from "../../../lib/src/rl";
import type { Box, Env } from "../../../lib/src/rl";

describe("clipAction", () => {
  it("cuts the action before the environment sees it", () => {
    const env = clipAction(new MountainCarContinuous());
    env.reset({ seed: 1 });
    // Uncut, an action of 3 would cost 0.9.
    expect(env.step([3]).reward).toBeAllclose(-0.1);
    expect(env.step([-0.5]).reward).toBeAllclose(-0.025);
    expect([...env.actionSpace.low, ...env.actionSpace.high]).toEqual([-Infinity, Infinity]);
    checkEnv(env);
  });

  it("lets NaN through to the refusal", () => {
    const env = clipAction(new Pendulum());
    env.reset();
    expect(() => env.step([NaN])).toThrow(/wants finite numbers/);
  });

  it("is for numbers, not for choices", () => {
    expect(() => clipAction(identity() as unknown as Env<Box>)).toThrow(/^clipAction\(\) wants env/);
  });
});

describe("rescaleAction", () => {
  it("stretches -1 to 1 over the bounds", () => {
    const torque = (action: number, options = {}) => {
      const env = rescaleAction(new Pendulum(), options);
      env.reset();
      env.step([action]);
      return (unwrap(env) as Pendulum).state[2];
    };
    expect([-1, 0.25, 1].map((action) => torque(action))).toEqual([-2, 0.5, 2]);
    expect([0, 0.25, 1].map((action) => torque(action, { min: 0 }))).toEqual([-2, -1, 2]);
  });

  it("refuses bounds that cross or have no end", () => {
    expect(() => rescaleAction(new Pendulum(), { min: 1 })).toThrow(/max to be above min, which is 1, got 1/);
    expect(() => rescaleAction(clipAction(new Pendulum()))).toThrow(/with actions between finite bounds/);
  });
});
