import { readFileSync } from "node:fs";
import { device } from "../tensorflow";
import { Precision } from "./build";

/** What Linux calls the instructions that multiply numbers in bfloat16. */
const INSTRUCTIONS = /\b(avx512_bf16|amx_bf16)\b/;

let flags: string | undefined;

/**
 * What a recording computes in: as asked, but bfloat16 only on a device that multiplies in it, a GPU or a processor with
 * AVX512-BF16 or AMX. Elsewhere TensorFlow would take the numbers apart one by one, and a convolution takes some fifty times
 * as long as in float32, which is also the more exact of the two.
 *
 * @param processor the flags of the processor, for tests @default those of this one, as Linux tells them
 */
export function precisionHere(
  precision: Precision,
  { kind, processor = readFlags() }: { kind?: string; processor?: string } = {},
): Precision {
  if (precision === "float32") return precision;
  return (kind ?? device().kind) === "gpu" || INSTRUCTIONS.test(processor) ? precision : "float32";
}

function readFlags(): string {
  if (flags !== undefined) return flags;
  try {
    return (flags = /^flags.*/m.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[0] ?? "");
  } catch {
    return (flags = ""); // not Linux: unknown, so what is right everywhere
  }
}
