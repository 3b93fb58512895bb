import { checkInteger, checkNumber, checkOptions } from "../check";
import { AGENT_OPTIONS, given } from "./agent";

/** Options of the algorithms by what they may be; the others need no check, or one of their own. */
const COUNTS = ["rollout", "epochs", "baselineSteps"];
const SHARES = ["gamma", "lambda"];
const SIZES = ["learningRate", "baselineRate", "clip", "entropy", "valueLoss", "targetKl"];

/**
 * An algorithm's own settings: the options that are given, and its defaults for the others.
 *
 * @param where the function to name in errors
 * @param defaults a value for every option that the algorithm has beside those of all agents
 * @throws RangeError, TypeError for unknown options, and for values out of bounds
 */
export function agentSettings<S extends object>(where: string, defaults: S, options: Partial<S>): S {
  const names = Object.keys(defaults);
  checkOptions(where, options, [...names, ...AGENT_OPTIONS]);
  const settings = { ...defaults, ...given(options) };
  for (const name of names) {
    const value: unknown = settings[name as keyof S];
    if (COUNTS.includes(name)) checkInteger(where, name, value, { min: 1 });
    if (SHARES.includes(name)) checkNumber(where, name, value, { min: 0, max: 1 });
    // A function of the share of steps that is left is asked when its time has come; undefined is no option at all.
    const fixed = typeof value !== "function" && value !== undefined;
    if (SIZES.includes(name) && fixed) checkNumber(where, name, value, { min: 0 });
  }
  return settings;
}
