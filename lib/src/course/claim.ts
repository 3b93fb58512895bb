import { refuse } from "../check";
import { display } from "../display";
import { isFast } from "../fast";
import { shortNumber } from "../viz/numbers";

/** Lowest and highest value that bears a claim out, both included. */
export type Band = readonly [low: number, high: number];

/** What the prose states, and how near the measurement must be. */
export interface ClaimOptions {
  /** In a full run: the stated value with its spread, or a band. */
  full: { value: number; spread: number } | Band;
  /** In a fast run, which trains less: a band. @default anything finite */
  fast?: Band;
  unit?: string;
}

/** Thrown where a measurement does not bear out what the text says. */
export class ClaimError extends Error {
  override name = "ClaimError";
}

/**
 * Holds the text to what was measured: a number within a band or the stated spread, or a sentence that must be true.
 *
 * @throws ClaimError where it does not hold, so that the page fails its test instead of telling something else than it shows
 * @example claim("test accuracy", accuracy, { full: { value: 98.2, spread: 0.3 }, fast: [80, 100], unit: "%" });
 * @example claim("Adam is ahead of SGD after one epoch", adam[0].loss < sgd[0].loss);
 */
export function claim(what: string, measured: number, options: ClaimOptions): void;
export function claim(what: string, holds: boolean): void;
export function claim(what: string, measured: number | boolean, options?: ClaimOptions): void {
  if (typeof what !== "string" || what === "")
    refuse("claim()", "what", "the claim in words", what, { kind: TypeError });
  const line = typeof measured === "boolean" ? checkSentence(what, measured) : checkMeasured(what, measured, options);
  display({ "text/plain": `✓ ${line}` });
}

function checkSentence(what: string, holds: boolean): string {
  if (!holds) throw new ClaimError(`"${what}" does not hold in this run.`);
  return what;
}

function checkMeasured(what: string, measured: number, options?: ClaimOptions): string {
  const where = "claim()";
  if (options?.full === undefined)
    refuse(where, "full", "a band, or a value with its spread", options, { kind: TypeError });
  const { fast = [-Infinity, Infinity], full, unit = "" } = options as ClaimOptions;
  const [low, high] = isFast() ? fast : "value" in full ? [full.value - full.spread, full.value + full.spread] : full;
  if (!(low <= high)) refuse(where, "the band", "from low to high", [low, high]);
  const [run, suffix] = [isFast() ? "fast run" : "full run", unit && ` ${unit}`];
  const band =
    low === -Infinity && high === Infinity ? "any number" : `${shortNumber(low)} to ${shortNumber(high)}${suffix}`;
  const line = `${what}: ${shortNumber(measured)}${suffix} (${run}: ${band})`;
  if (!Number.isFinite(measured) || measured < low || measured > high) {
    throw new ClaimError(`The text claims otherwise than was measured: ${line}.`);
  }
  return line;
}
