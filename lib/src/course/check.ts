import { checkFunction, refuse } from "../check";
import { display } from "../display";
import { examine, type CheckSpec, type ExerciseState, type Hint, type Report } from "./examine";
import { rememberPassed } from "./progress-file";
import { reportBundle } from "./report";
import type { Tolerance } from "./compare";

/** What an exercise asks whose answer is a value, not a function. */
export interface ValueSpec<T> extends Tolerance {
  /** What it must be, or better a way to compute it, so that the solution can't be read here. */
  expect: unknown;
  hints?: readonly Hint<[], T>[];
  /** What one knows now: shown when all is right. */
  learned: string;
  untouched?: () => boolean | Promise<boolean>;
}

/**
 * Checks the answer to an exercise and shows how each case went: what came out, what was expected, how far off it may be,
 * and which rule is broken, in words. An untouched stub, a wrong answer and even one that throws are told apart and shown;
 * the cell itself never fails, so that a page with unsolved exercises still runs from top to bottom. The outcome is in the
 * output as `application/vnd.nablab.exercise+json`, `{id, state}`.
 *
 * Answers are refused that hold NaN, have the wrong shape or dtype, leave tensors behind, or dispose of those they are given.
 *
 * @param id the exercise, unique in the course: "01-softmax"
 * @param answer the learner's function or value; with `todo` in it, it is not done yet
 * @throws TypeError where the exercise itself is made wrongly, so that its author sees it
 * @example
 * await check("01-softmax", softmax, {
 *   cases: [
 *     { args: [[1, 2, 3]], expect: [0.09003057, 0.24472847, 0.66524096] },
 *     { args: [[1000, 1000]], expect: [0.5, 0.5], rule: "Subtract the largest logit first: exp(1000) overflows." },
 *   ],
 *   rules: [{ says: "Probabilities sum to 1", holds: (p) => [p.reduce((a, b) => a + b), 1] }],
 *   learned: "Softmax turns any numbers into probabilities, and only their differences count.",
 * });
 */
export async function check<Args extends unknown[], Result>(
  id: string,
  answer: (...args: Args) => Result,
  spec: CheckSpec<Args, Result>,
): Promise<void>;
export async function check<T>(id: string, answer: T, spec: ValueSpec<T>): Promise<void>;
export async function check(
  id: string,
  answer: unknown,
  spec: CheckSpec<unknown[], unknown> | ValueSpec<unknown>,
): Promise<void> {
  const report = await examineAnswer(id, answer, spec);
  if (report.state === "passed") rememberPassed(id);
  display(reportBundle(report));
}

/** @returns how the answer is, without showing it */
export async function examineAnswer(
  id: string,
  answer: unknown,
  spec: CheckSpec<unknown[], unknown> | ValueSpec<unknown>,
): Promise<Report> {
  const where = "check()";
  if (typeof id !== "string" || id === "") refuse(where, "id", "the name of the exercise", id, { kind: TypeError });
  if (typeof spec?.learned !== "string") {
    refuse(where, "learned", "a sentence on what one knows now", spec?.learned, { kind: TypeError });
  }
  if (!("cases" in spec)) {
    const { expect, hints, ...rest } = spec;
    if (expect === undefined) refuse(where, "expect", "given, or cases", expect, { kind: TypeError });
    return examine(id, () => answer, { ...rest, hints, cases: [{ args: [], expect }], keepsTensors: true }, "");
  }
  if (spec.cases.length === 0) refuse(where, "cases", "at least one case", spec.cases, { kind: TypeError });
  if (answer === undefined || answer === null || typeof answer !== "function") {
    const problem = `Your answer must be a function, it is ${answer === undefined ? "undefined" : "a value"}.`;
    return { id, state: "failed", cases: [{ what: "your answer", problem }], message: "" };
  }
  return examine(id, checkFunction(where, "answer", answer as (...args: unknown[]) => unknown), spec);
}

export type { ExerciseState };
