import { describe, expect, it } from "vitest";
import { DeviceReport, whyNoGpu } from "../../../lib/src/tensorflow/device";

describe("whyNoGpu", () => {
  const plain = { wanted: undefined, visible: undefined, driver: false, cuda: false };

  it.each([
    [{}, undefined],
    [{ cuda: true }, "TensorFlow is built for CUDA, but this machine has no NVIDIA driver: it runs on the CPU"],
    [
      { cuda: true, driver: true, visible: "-1" },
      'CUDA_VISIBLE_DEVICES is "-1", so TensorFlow sees no GPU: it runs on the CPU',
    ],
    [
      { cuda: true, driver: true },
      "an NVIDIA driver is there, but CUDA does not start: it runs on the CPU (npm run doctor says more)",
    ],
    [
      { driver: true },
      "an NVIDIA GPU is here, but this TensorFlow is built for the CPU: NABLAB_DEVICE=cuda npm run setup",
    ],
    [{ wanted: "cuda" }, "NABLAB_DEVICE is cuda, but this machine has no NVIDIA driver"],
    [{ wanted: "cpu", driver: true, cuda: true }, "the GPU rests because NABLAB_DEVICE is cpu"],
    [{ wanted: "cpu" }, undefined],
  ])("says of %o: %s", (surroundings, why) => {
    expect(whyNoGpu({ ...plain, ...surroundings })).toBe(why);
  });
});

describe("a device report", () => {
  it("reads as one line for every kind of device", () => {
    const gibibytes = 80 * 2 ** 30;
    expect(String(new DeviceReport("tensorflow", "gpu", "NVIDIA H100", "2.21.0", 16, gibibytes))).toBe(
      "TensorFlow 2.21.0 on GPU NVIDIA H100, 16 threads, 80 GiB",
    );
    expect(String(new DeviceReport("wasm", "wasm", "Xeon", null, 1, null, "why: remedy"))).toBe(
      "WebAssembly on CPU Xeon, 1 thread; why: remedy",
    );
    expect(new DeviceReport("cpu", "cpu", "Xeon", null, 1, null).short).toBe("CPU, no native TensorFlow");
  });
});
