import { run } from "./command";
import { join } from "node:path";

/** What a native binding says of itself when a fresh process loads it and computes with it. */
export interface ProbeReport {
  /** Version of the TensorFlow library it is linked to. */
  tensorflow: string;
  gpu: boolean;
  /** Whether it has the entries that the course adds to the stock binding. */
  functions: boolean;
}

export interface ProbeResult {
  report?: ProbeReport;
  /** Why it does not load or compute. */
  failure?: string;
  /** Why TensorFlow computes on the CPU although it is built for CUDA, in its own words. */
  noGpu?: string;
}

/** Loads a binding in a child process, since one that does not fit may end the process that loads it. */
export async function probeBinding(binding: string): Promise<ProbeResult> {
  const { code, stdout, output } = await run(process.execPath, [join(__dirname, "probe-child.js"), binding], {
    // All levels: it is the warnings that say why there is no GPU.
    env: { TF_CPP_MIN_LOG_LEVEL: "0" },
  });
  const line = stdout.split("\n").find((text) => text.startsWith("{"));
  if (code === 0 && line) return { report: JSON.parse(line) as ProbeReport, noGpu: whyNoGpu(output) };
  const telling = output.split("\n").filter((text) => /Error|error:|cannot|not found/.test(text));
  return { failure: telling[0]?.trim() ?? (output.trim().split("\n").pop() || `it ended with code ${code}`) };
}

const reasons: [RegExp, string][] = [
  [/Cannot dlopen some GPU libraries/, "some CUDA libraries cannot be loaded"],
  [
    /Could not find cuda drivers|failed call to cuInit: INTERNAL|libcuda\S* not found/,
    "no NVIDIA driver on this machine",
  ],
  [/CUDA_ERROR_NO_DEVICE|no CUDA-capable device/, "the NVIDIA driver finds no GPU"],
  [/failed call to cuInit:? ?(?:.*CUDA_ERROR_)?(\w+)/, "the NVIDIA driver does not start"],
];

function whyNoGpu(log: string): string | undefined {
  return reasons.find(([pattern]) => pattern.test(log))?.[1];
}
