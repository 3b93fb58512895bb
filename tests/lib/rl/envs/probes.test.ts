import { describe, expect, it } from "vitest";
import { generator } from "../../../../lib/src/random";
import { probe, probeNames, type ProbeName } from "../../../../lib/src/rl";

/** Episodes as lists of [seen, action, reward], the same ones once. */
function episodes(name: ProbeName): string[] {
  const env = probe(name);
  const rng = generator(1);
  const seen = Array.from({ length: 60 }, (_, seed) => {
    let { observation } = env.reset({ seed });
    const steps = [];
    do {
      const action = env.actionSpace.sample(rng) as number;
      const next = env.step(action);
      steps.push([(observation as Float32Array)[0], action, next.reward].join(" "));
      observation = next.observation;
    } while (!env.terminated);
    return steps.join(", ");
  });
  return [...new Set(seen)].sort();
}

describe("probe", () => {
  it.each<[ProbeName, string[]]>([
    ["constant reward", ["0 0 1"]],
    ["reward from observation", ["-1 0 -1", "1 0 1"]],
    ["delayed reward", ["0 0 0, 1 0 1"]],
    ["reward from action", ["0 0 -1", "0 1 1"]],
    ["reward from both", ["-1 0 1", "-1 1 -1", "1 0 -1", "1 1 1"]],
  ])("%s has these episodes of [seen, action, reward] and no others", (name, expected) => {
    expect(episodes(name)).toEqual(expected);
  });

  it("names all five, and refuses another", () => {
    expect(probeNames).toHaveLength(5);
    expect(() => probe("reward" as ProbeName)).toThrow(/^probe\(\) wants name to be "constant reward" or/);
  });
});
