/** A kernel that takes down what it is asked to show. */
import { afterEach, beforeEach } from "vitest";

export interface Shown {
  data: Record<string, unknown>;
  displayId?: string;
  update?: boolean;
  metadata?: Record<string, unknown>;
}

const key = Symbol.for("nablab.kernel");
const scope = globalThis as Record<symbol, unknown>;

/** Puts our kernel in place for each test of a file. `outputs` has what was shown; `stop` is the Stop button. */
export function useKernel(): { outputs: Shown[]; stop: () => void } {
  const kernel = { outputs: [] as Shown[], stop: () => {} };
  beforeEach(() => {
    const controller = new AbortController();
    kernel.outputs.length = 0;
    kernel.stop = () => controller.abort();
    scope[key] = {
      signal: controller.signal,
      executionCount: 1,
      display: (data: Shown["data"], options: object = {}) => kernel.outputs.push({ data, ...options }),
    };
  });
  afterEach(() => {
    delete scope[key];
  });
  return kernel;
}
