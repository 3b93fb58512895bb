import { describe, expect, it } from "vitest";
import { HalfCheetah, loadMujoco, make, mjcf } from "../../../lib/src/rl";
import { compileModel } from "../../../lib/src/rl/mujoco";

describe("loadMujoco", () => {
  it("is asked for by environments that need it, and then needs no more waiting", async () => {
    expect(() => new HalfCheetah()).toThrow(
      "HalfCheetah needs the physics engine MuJoCo. Remedy: await rl.loadMujoco() first.",
    );
    await Promise.all([loadMujoco(), loadMujoco()]);
    expect(make("HalfCheetah-v5").name).toBe("HalfCheetah");
  });

  it("makes a model once for all that have it, and hands on MuJoCo's words about a wrong one", async () => {
    await loadMujoco();
    const ball = mjcf("mujoco", {}, mjcf("worldbody", {}, mjcf("body", {}, mjcf("geom", { size: 1 }))));
    expect(compileModel("Ball", ball)).toBe(compileModel("Ball", ball));
    expect(() => compileModel("Ball", "<mujoco><ball/></mujoco>")).toThrow(/ball/);
  });
});

describe("mjcf", () => {
  it("writes elements with their attributes and children", () => {
    const joint = mjcf("joint", { axis: [0, 1, 0], damping: 0.5, limited: true });
    expect(mjcf("body", { name: "leg" }, joint)).toBe(
      '<body name="leg"><joint axis="0 1 0" damping="0.5" limited="true"></joint></body>',
    );
  });
});
