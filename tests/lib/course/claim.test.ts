import { afterEach, describe, expect, it, vi } from "vitest";
import { claim, ClaimError } from "../../../lib/src/course/claim";
import { useKernel } from "../notebook";

const kernel = useKernel();
afterEach(() => void vi.unstubAllEnvs());

const accuracy = (measured: number) =>
  claim("test accuracy", measured, { full: { value: 98.25, spread: 0.25 }, fast: [80, 100], unit: "%" });

describe("claim", () => {
  it("holds a full run to the stated spread, borders included", () => {
    vi.stubEnv("NABLAB_FAST", "0");
    accuracy(98);
    accuracy(98.5);
    expect(kernel.outputs[0].data["text/plain"]).toBe("✓ test accuracy: 98 % (full run: 98 to 98.5 %)");
    expect(() => accuracy(97.9)).toThrow(ClaimError);
    expect(() => accuracy(98.6)).toThrow("test accuracy: 98.6 % (full run: 98 to 98.5 %)");
    expect(() => accuracy(NaN)).toThrow(ClaimError);
  });

  it("holds a fast run to its band", () => {
    vi.stubEnv("NABLAB_FAST", "1");
    accuracy(85);
    expect(() => accuracy(79)).toThrow("fast run: 80 to 100");
    claim("loss", 3, { full: [0, 1] });
    expect(() => claim("loss", NaN, { full: [0, 1] })).toThrow(ClaimError);
  });

  it("takes sentences that must be true", () => {
    claim("Adam is ahead of SGD", true);
    expect(kernel.outputs[0].data["text/plain"]).toBe("✓ Adam is ahead of SGD");
    expect(() => claim("Adam is ahead of SGD", false)).toThrow('"Adam is ahead of SGD" does not hold');
  });

  it("refuses a claim without a band, or with one upside down", () => {
    expect(() => claim("a", 1, {} as never)).toThrow("a band, or a value with its spread");
    vi.stubEnv("NABLAB_FAST", "0");
    expect(() => claim("a", 1, { full: [2, 1] })).toThrow("from low to high");
    expect(() => claim("", true)).toThrow("the claim in words");
  });
});
