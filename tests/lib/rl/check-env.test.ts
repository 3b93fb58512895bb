import { beforeAll, describe, expect, it } from "vitest";
import { BaseEnv, box, checkEnv, discrete, envIds, loadMujoco, make, shape, type Box } from "../../../lib/src/rl";

/** Sums its actions up; each test spoils one thing about it. */
class Sum extends BaseEnv<Box, Box> {
  readonly name: string = "Sum";
  readonly actionSpace = box(-1, 1, [2]);
  readonly observationSpace = box(-Infinity, Infinity);
  readonly state = new Float64Array(2);
  protected begin() {
    this.state.set([this.random.uniform(), 0]);
  }
  protected advance(action: Float32Array) {
    this.state[0] += action[0] + action[1];
    this.truncated = ++this.state[1] === 20;
    return this.state[0];
  }
}

beforeAll(loadMujoco);

describe("checkEnv", () => {
  it.each(envIds())("finds nothing about %s", (id) => {
    checkEnv(make(id));
  });

  it("finds an observation outside its space", () => {
    class Narrow extends Sum {
      override readonly observationSpace = box(0, 0.25);
    }
    expect(() => checkEnv(new Narrow())).toThrow(
      /^checkEnv\(\) found that reset\(\) gave an observation outside its box of shape \[1\]: \[0\.\d+\] \(Sum\)\. Remedy: widen/,
    );
  });

  it("finds randomness without a seed", () => {
    let calls = 0;
    class Unseeded extends Sum {
      protected override begin() {
        this.state.set([calls++, 0]);
      }
    }
    expect(() => checkEnv(new Unseeded())).toThrow(/two episodes with the same seed differ at step 0/);
  });

  it("finds a state that begin() leaves as it was", () => {
    class Stale extends Sum {
      protected override begin() {
        this.state[0] = 0;
      }
    }
    expect(() => checkEnv(new Stale(), { steps: 30 })).toThrow(/two episodes with the same seed differ/);
  });

  it("finds what is not saved", () => {
    class Forgetful extends Sum {
      private hidden = 0;
      protected override begin() {
        super.begin();
        this.hidden = 0;
      }
      protected override advance(action: Float32Array) {
        super.advance(action);
        return ++this.hidden;
      }
    }
    expect(() => checkEnv(new Forgetful())).toThrow(/goes on to other numbers after load\(save\(\)\)/);
  });

  it("finds steps after the end", () => {
    class Endless extends Sum {
      override stepInto(...[actions, from, out, at]: Parameters<Sum["stepInto"]>) {
        const ended = this.truncated;
        this.truncated = false;
        const reward = super.stepInto(actions, from, out, at);
        this.truncated ||= ended;
        return reward;
      }
    }
    expect(() => checkEnv(new Endless())).toThrow(/it takes steps after the end of an episode/);
  });

  it("finds wrong actions that are taken", () => {
    class Careless extends Sum {
      override stepInto(actions: ArrayLike<number>, from: number, out: Float32Array, at?: number) {
        return super.stepInto(
          Array.from(actions, (x) => x || 0),
          from,
          out,
          at,
        );
      }
    }
    expect(() => checkEnv(new Careless())).toThrow(/step\(\) takes the action a Float32Array of length 2/);
  });

  it("finds pictures with no number or with other shapes", () => {
    class Torn extends Sum {
      override draw() {
        return { width: 9, height: 9, shapes: [shape("circle", { cx: 0 / this.state[1], cy: 1, r: 1 })] };
      }
      protected override advance(action: Float32Array) {
        super.advance(action);
        return (this.state[1] = 0);
      }
    }
    expect(() => checkEnv(new Torn())).toThrow(/its picture has a number that is none/);
    class Growing extends Sum {
      override draw() {
        const shapes = Array.from({ length: this.state[1] }, () => shape("circle", { cx: 1, cy: 1, r: 1 }));
        return { width: 9, height: 9, shapes };
      }
    }
    expect(() => checkEnv(new Growing())).toThrow(/other shapes after some steps/);
  });

  it("finds spaces that are none", () => {
    class Spaceless extends BaseEnv {
      readonly name = "Spaceless";
      readonly actionSpace = discrete(1);
      readonly observationSpace = [1] as never;
      readonly state = new Float64Array(1);
      protected begin() {}
      protected advance() {
        return 0;
      }
    }
    expect(() => checkEnv(new Spaceless())).toThrow(/a space is \[1\]/);
  });
});
