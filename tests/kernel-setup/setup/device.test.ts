import { describe, expect, it } from "vitest";
import { chooseDevice } from "../../../kernel-setup/src/setup/device";
import { Failure } from "../../../kernel-setup/src/setup/failure";

const driver = () => Promise.resolve("an NVIDIA driver is loaded");
const none = () => Promise.resolve(undefined);

describe.runIf(process.arch === "x64")("the device on x86-64", () => {
  it("is what NABLAB_DEVICE asks for, whatever the driver says", async () => {
    expect(await chooseDevice({ wanted: "cpu", driver })).toEqual({ kind: "cpu", why: "NABLAB_DEVICE=cpu" });
    expect(await chooseDevice({ wanted: "cuda", driver: none })).toEqual({ kind: "cuda", why: "NABLAB_DEVICE=cuda" });
  });

  it("is CUDA by itself where an NVIDIA driver answers, even over a CPU build", async () => {
    expect((await chooseDevice({ wanted: "auto", driver, installed: "cpu" })).kind).toBe("cuda");
  });

  it("is the CPU by itself where no driver answers", async () => {
    expect((await chooseDevice({ wanted: "auto", driver: none })).kind).toBe("cpu");
    expect((await chooseDevice({ wanted: "auto", driver: none, installed: "cpu" })).kind).toBe("cpu");
  });

  it("stays CUDA where that is installed and the driver is away for a day", async () => {
    expect((await chooseDevice({ wanted: "auto", driver: none, installed: "cuda" })).kind).toBe("cuda");
  });
});

describe("NABLAB_DEVICE", () => {
  it("refuses other words and names the three", async () => {
    const refused = chooseDevice({ wanted: "gpu" });
    await expect(refused).rejects.toThrow(Failure);
    await expect(refused).rejects.toMatchObject({ why: "it can be cpu, cuda or auto" });
  });
});
