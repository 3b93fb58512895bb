import { beforeAll, describe, expect, it } from "vitest";
import { loadMujoco, make, timeLimit, unwrap, HalfCheetah, type MujocoEnv, type SavedEnv } from "../../../lib/src/rl";
import gymnasium from "../../fixtures/rl/mujoco_bodies.json";

const bodies = Object.entries(gymnasium.environments);

/** Both run MuJoCo 3.14.0, one in WebAssembly, one natively: nothing but the last bits may differ. */
const bits = { atol: 1e-11, rtol: 1e-11 };

beforeAll(loadMujoco);

/** Puts an environment where Gymnasium's began. */
function begin(id: string): MujocoEnv {
  const env = unwrap(make(id)) as MujocoEnv;
  env.reset({ seed: 0 });
  env.state.set(gymnasium.environments[id as "Hopper-v5"].start);
  return env;
}

const placesOf = ({ state }: MujocoEnv, count: number) => state.subarray(0, count);

describe("a MuJoCo environment", () => {
  it.each(bodies)("%s has Gymnasium's spaces and limits", (id, body) => {
    const { maxEpisodeSteps, rewardThreshold, action, observationSize, dt } = body;
    const env = make(id);
    expect(env.spec).toEqual({ id, maxEpisodeSteps, rewardThreshold });
    expect(env.actionSpace).toMatchObject({
      ...{ kind: "box", low: Float32Array.from(action.low), high: Float32Array.from(action.high) },
    });
    expect(env.observationSpace).toMatchObject({ kind: "box", shape: [observationSize] });
    expect((unwrap(env) as MujocoEnv).dt).toBe(dt);
  });

  it.each(bodies)("%s does Gymnasium's next step from each of its states", (id, { actions, steps, start }) => {
    const env = begin(id);
    steps.slice(0, 40).forEach((next, i) => {
      env.state.set(i === 0 ? start : steps[i - 1].state);
      const { observation, reward, terminated } = env.step(actions[i]);
      expect(env.state, `state ${i}`).toBeAllclose(next.state, bits);
      expect(reward, `reward ${i}`).toBeAllclose(next.reward, bits);
      expect(observation, `observation ${i}`).toEqual(Float32Array.from(observation, (_, k) => next.observation[k]));
      expect(observation).toHaveLength(next.observation.length);
      expect(terminated).toBe(next.terminated);
      if (terminated) env.reset();
    });
  });

  it.each(bodies)("%s stays on Gymnasium's way by itself, to its end", (id, { actions, steps, later }) => {
    const env = begin(id);
    actions.forEach((action, i) => {
      const { terminated } = env.step(action);
      expect(terminated).toBe(i + 1 === actions.length && steps[steps.length - 1].terminated);
      const near = i < 40 ? steps[i].state.slice(0, env.state.length) : undefined;
      const far = later.find(({ step }) => step === i + 1)?.positions;
      const expected = far ?? near?.slice(0, gymnasium.environments[id as "Hopper-v5"].observation.length);
      if (expected) expect(placesOf(env, expected.length), `step ${i + 1}`).toBeAllclose(expected, { atol: 1e-8 });
    });
  });

  it.each(bodies)("%s begins where its noise puts it, alike with the same seed", (id, { observation }) => {
    const env = make(id);
    const starts = Array.from({ length: 50 }, (_, seed) => [...(env.reset({ seed }).observation as Float32Array)]);
    expect([...(env.reset({ seed: 7 }).observation as Float32Array)]).toEqual(starts[7]);
    // Gymnasium's own start, from another generator, lies among them.
    observation.forEach((value, k) => {
      const column = starts.map((row) => row[k]);
      const [low, high] = [Math.min(...column), Math.max(...column)];
      expect(value).toBeGreaterThan(low - 0.25 * (high - low));
      expect(value).toBeLessThan(high + 0.25 * (high - low));
    });
  });

  it("goes on to the same numbers where it was saved", () => {
    const env = timeLimit(begin("HalfCheetah-v5"), 50);
    const { actions } = gymnasium.environments["HalfCheetah-v5"];
    env.reset({ seed: 1 });
    for (const action of actions.slice(0, 20)) env.step(action);
    const saved = JSON.parse(JSON.stringify(env.save())) as SavedEnv;
    const other = timeLimit(new HalfCheetah(), 50);
    other.load(saved);
    for (const action of actions.slice(20, 50)) expect(other.step(action)).toEqual(env.step(action));
    expect(other.truncated).toBe(true);
  });

  it("tells the parts of its reward", () => {
    const env = begin("Hopper-v5");
    const { reward, info } = env.step([0.5, 0, -1]);
    expect(info.forward + info.survive + info.control).toBe(reward);
    expect(info.control).toBeAllclose(-0.00125);
  });

  it.each<[id: string, at: number, inside: number, outside: number]>([
    ["InvertedPendulum-v5", 1, 0.19, 0.206], // more than 0.2 rad
    ["Hopper-v5", 2, -0.19, -0.206], // more than 0.2 rad
    ["Hopper-v5", 1, 0.71, 0.69], // below 0.7 m
  ])("%s ends where position %d goes from %d to %d", (id, at, inside, outside) => {
    const ends = (position: number) => {
      const env = begin(id);
      env.state.fill(0, 0, env.state.length);
      if (id === "Hopper-v5") env.state.set([0, 1.25, 0, -1, -1]); // knees drawn up, off the ground
      env.state[at] = position;
      const { terminated, info } = env.step(new Float32Array(env.actionSpace.size));
      expect(info.survive).toBe(terminated ? 0 : 1);
      return terminated;
    };
    expect([ends(inside), ends(outside)]).toEqual([false, true]);
  });

  it("shows the hopper's speeds cut at ±10, as Gymnasium does", () => {
    const env = begin("Hopper-v5");
    env.state.set([30, -40, 0], 9); // hip, knee and ankle, in rad/s
    const { observation } = env.step([0, 0, 0]);
    const speeds = env.state.subarray(6, 12);
    expect(Math.max(...speeds.map(Math.abs))).toBeGreaterThan(11);
    expect([...(observation as Float32Array).slice(5)]).toBeAllclose(speeds.map((x) => Math.min(10, Math.max(-10, x))));
  });

  it("says so where the simulation breaks down", () => {
    const env = begin("HalfCheetah-v5");
    env.state.fill(1e11, 9, 18);
    expect(() => env.step([0, 0, 0, 0, 0, 0])).toThrow(/^step\(\) of HalfCheetah became unstable in MuJoCo\. Remedy:/);
  });

  it.each(bodies.map(([id]) => id))("%s draws the same shapes wherever it is", (id) => {
    const env = begin(id);
    const tags = () => env.draw().shapes.map(({ tag, attributes }) => `${tag} ${attributes.stroke}`);
    const before = tags();
    const at = [...env.state];
    for (const x of [0.3, -7.8, 123.4]) {
      env.state[0] = x;
      expect(tags()).toEqual(before);
    }
    env.state.set(at);
    env.draw();
    expect([...env.state]).toEqual(at);
    env.close();
  });

  it("draws capsules where MuJoCo has them: a pole that leans right, its foot on the cart", () => {
    const env = begin("InvertedPendulum-v5");
    env.state.fill(0);
    env.state.set([0.5, Math.PI / 2]);
    const [pole] = env.draw().shapes.slice(-1);
    const { x1, y1, x2, y2 } = pole.attributes as Record<string, number>;
    // 180 pixels a metre around (0, 0.2), up being down in pixels: from (1.1, 0) to (0.5, 0).
    expect([x1, y1, x2, y2]).toBeAllclose([428, 146, 320, 146], { atol: 0.2 });
  });
});
