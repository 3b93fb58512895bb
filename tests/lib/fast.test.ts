import { afterEach, describe, expect, it, vi } from "vitest";
import { isFast, shorten } from "../../lib/src/fast";

afterEach(() => vi.unstubAllEnvs());

describe("fast mode", () => {
  it.each([
    [undefined, false],
    ["", false],
    ["0", false],
    ["1", true],
  ])("NABLAB_FAST=%s: %s", (value, fast) => {
    vi.stubEnv("NABLAB_FAST", value);
    expect(isFast()).toBe(fast);
    expect([shorten(10, 3), shorten(2, 3)]).toEqual([fast ? 3 : 10, 2]);
  });
});
