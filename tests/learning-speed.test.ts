import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { learningSection, type LearningSpeed } from "./bench/learning-section";
import { withSection } from "./bench/section";

const root = join(__dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "nablab-bench-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("learning-speed.js", () => {
  beforeAll(() => {
    execFileSync(process.execPath, [
      join(root, "node_modules/typescript/bin/tsc"),
      "--build",
      join(root, "tests/bench"),
    ]);
  });

  it("lets nablab learn and asks the peer in turn, by the same recipe and seed", () => {
    // In place of Stable-Baselines3, which is 8 GB away: says what it was asked for, and that it was quick.
    const peer = join(folder, "python");
    const asked = join(folder, "asked");
    const answer = '{"rate": 1e9, "cpuRate": 2e9, "mean": 3}';
    writeFileSync(peer, `#!/bin/sh\necho "$2 $3 $4" >> ${asked}\necho warming up\necho '${answer}'\n`, { mode: 0o755 });
    const program = join(root, "tests/bench/dist/learning-speed.js");
    const args = ["--python", peer, "--rounds", "2", "--steps", "2048"];
    const stdio: ["ignore", "pipe", "ignore"] = ["ignore", "pipe", "ignore"];
    const said = execFileSync(process.execPath, [program, ...args], { encoding: "utf8", stdio });
    const speeds = JSON.parse(said) as LearningSpeed[];
    expect(speeds.map(({ id, steps }) => [id, steps])).toEqual([
      ["cartpole-ppo", 2048],
      ["pendulum-ppo", 2048],
    ]);
    for (const { nablab, sb3 } of speeds.flatMap(({ rounds }) => rounds)) {
      expect(sb3).toEqual({ rate: 1e9, cpuRate: 2e9 });
      // Thousands of steps a second, or tens of thousands: not steps a millisecond, nor seconds a step.
      for (const rate of [nablab.rate, nablab.cpuRate]) expect(rate > 50 && rate < 1e6, String(rate)).toBe(true);
    }
    const lines = readFileSync(asked, "utf8").trim().split("\n");
    expect(lines.map((line) => line.split(" ").slice(-2).join(" "))).toEqual(["0 0", "1 0", "0 0", "1 0"]);
    expect(JSON.parse(lines[0].replace(/ 0 0$/, ""))).toMatchObject({ env: "CartPole-v1", steps: 2048 });
    expect(JSON.parse(lines[3].replace(/ 1 0$/, ""))).toMatchObject({ env: "Pendulum-v1", options: { envs: 4 } });
  });
});

describe("learningSection()", () => {
  const round = (ours: number, theirs: number) => ({
    nablab: { rate: ours, cpuRate: ours / 2 },
    sb3: { rate: theirs, cpuRate: theirs },
  });
  const section = learningSection({
    date: "2026-01-02",
    machine: "a machine",
    versions: { gymnasium: "1.2.3" },
    load: 1.04,
    speeds: [{ id: "cartpole-ppo", steps: 100_000, rounds: [round(4000, 1000), round(9000, 2000), round(5000, 2500)] }],
  });

  it("gives medians, and ratios within a round", () => {
    const text = section.join("\n");
    expect(text).toContain("Measured on 2026-01-02: a machine. gymnasium 1.2.3. The machine's load was 1.0");
    expect(text).toContain("Medians of 3 rounds");
    expect(text).toContain(
      "| cartpole-ppo | 100,000 | clock | 5,000 (4,000 to 9,000) | 2,000 (1,000 to 2,500) | 4.00 (2.00 to 4.50) | 3 |",
    );
    expect(text).toContain("| processor | 2,500 (2,000 to 4,500) | 2,000 (1,000 to 2,500) | 2.00 (1.00 to 2.25) | 3 |");
  });

  it("comes into a report in place of the old one, or at its end, and leaves the rest alone", () => {
    const [head, tail] = ["# Speed\n\nfast\n\n## First\n\n| a |\n\n", "## Last\n\nlast\n"];
    const old = "## How fast PPO learns\n\nslowly\n\n";
    const now = section.join("\n");
    expect(withSection(head + old + tail, section)).toBe(`${head}${now}\n${tail}`);
    expect(withSection(head + old, section)).toBe(head + now);
    expect(withSection(head + tail, section)).toBe(`${head}${tail}\n${now}`);
  });
});
