import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A training step or an inference, described once for all frameworks: workloads.json is read by the Python peers too. */
export interface Workload {
  id: string;
  title: string;
  task: "classify" | "ppo" | "gan" | "infer" | "limit";
  /** Shape of one example, channels last. */
  input: number[];
  batch: number;
  /**
   * `dense 64 relu`, `conv 32 stride 2 relu` (3x3, or 4x4 with stride 2; `conv 1 side 7` says it), `dropout 0.3`, `up 64`
   * (transposed 4x4, stride 2), `pool`, `norm`, `residual 64` (x + f(x), where f is conv-norm-relu twice), `average` (over
   * the pixels), …
   */
  layers: string[];
  /** Of a GAN. */
  generator?: string[];
  optimizer?: "adam" | "sgd" | "nesterov";
  /** Also measured with many steps in one call. */
  scan?: boolean;
  /** Of matrix products and convolutions; weights are float32. TensorFlow.js as it comes has float32 only. */
  precision?: "float32" | "bfloat16";
  /** Contenders that stay away: XLA takes most of a minute for a step of large convolutions on a CPU. */
  without?: string[];
  /** Times faster than TensorFlow.js as it comes, and than the best of PyTorch eager and Keras. */
  goal?: { tfjs: number; peer: number };
}

/** Side and stride of a convolution's filter. */
export function convolution(words: readonly string[]): { side: number; stride: number } {
  const after = (word: string, other: number) =>
    words.includes(word) ? Number(words[words.indexOf(word) + 1]) : other;
  const stride = after("stride", 1);
  return { side: after("side", stride === 1 ? 3 : 4), stride };
}

/** All workloads, from small to large; one that is `like` another takes over what it does not say itself. */
export function workloads(): Workload[] {
  const rows = JSON.parse(readFileSync(join(__dirname, "../workloads.json"), "utf8")) as (Workload & {
    like?: string;
  })[];
  return rows.map((row) => ({ ...rows.find(({ id }) => id === row.like), ...row }));
}
