/**
 * Fast mode: `NABLAB_FAST=1` shortens long loops so that every lesson runs in a minute or two, in tests and for a first
 * look. The code path stays the same; only these numbers change, and whatever was shortened says so in its result:
 *
 * | what | full | fast |
 * | --- | --- | --- |
 * | `fit`: epochs | as asked | at most `FAST.epochs` |
 * | `fit`: steps in an epoch | all | at most `FAST.steps` |
 * | `evaluate` and validation in `fit`: examples | all | the first `FAST.examples` |
 *
 * Other loops of the course ask `shorten(full, fast)`.
 */
export const FAST = { epochs: 2, steps: 50, examples: 2000 } as const;

/** True where `NABLAB_FAST` is set to anything but 0. Read at every call, so that a test can switch it. */
export function isFast(): boolean {
  return !["", "0", undefined].includes(process.env.NABLAB_FAST);
}

/** The count itself, or in fast mode at most `fast`. */
export function shorten(full: number, fast: number): number {
  return isFast() ? Math.min(full, fast) : full;
}
