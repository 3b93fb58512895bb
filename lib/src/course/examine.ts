import { tf } from "../tensorflow";
import { difference, writeTolerance, type Tolerance } from "./compare";
import { disposeAll, trace } from "./tensors";
import { isTodo, TodoError } from "./todo";
import { nameValue, writeValue } from "./value";

/** What is expected, as a value or as a way to compute it other than the learner's. */
type Expected<Args extends unknown[], Result> = unknown extends Result
  ? unknown
  : Loose<Result> | ((...args: Args) => unknown);

/** Numbers may be given as plain arrays where the answer makes tensors; `tf.Tensor` stands for `Float32Array` and the like. */
type Loose<T> = T | number | boolean | string | readonly unknown[] | object;

/** `tf.ones([2, 3])` doesn't know its rank by its type; a function that wants a `Tensor2D` must be given it all the same. */
type LooseArgs<Args extends unknown[]> = { [K in keyof Args]: Args[K] extends tf.Tensor ? tf.Tensor : Args[K] };

/** One call of the learner's function. */
export interface Case<Args extends unknown[], Result> extends Tolerance {
  /** The arguments, or a function that makes them anew; tensors made there are disposed of after the call. */
  args: LooseArgs<Args> | (() => LooseArgs<Args> | []);
  /** What must come out; without it only the rules are checked. */
  expect?: Expected<Args, Awaited<Result>>;
  /** What this case is about, in words: shown when it fails. "Large logits must not overflow." */
  rule?: string;
}

/** Something that must hold whatever the numbers are. */
export interface Rule<Args extends unknown[], Result> extends Tolerance {
  /** In words: "The probabilities sum to 1." */
  says: string;
  /** True, or a pair `[got, expected]` that is compared with the tolerance and shown. */
  holds: (result: Awaited<Result>, ...args: Args) => boolean | readonly [got: unknown, expected: unknown];
}

/** A typical mistake, told apart from others by what it gives. */
export interface Hint<Args extends unknown[], Result> {
  /** Whether a wrong result is this mistake. */
  when: (result: Awaited<Result>, ...args: Args) => boolean;
  /** What to think about: "These are the weights; count the biases as well." */
  says: string;
}

/** What an exercise asks of an answer. */
export interface CheckSpec<Args extends unknown[], Result> extends Tolerance {
  cases: readonly Case<Args, Result>[];
  rules?: readonly Rule<Args, Result>[];
  hints?: readonly Hint<Args, Result>[];
  /** What one knows now: shown when all is right. */
  learned: string;
  /** Whether the answer may leave tensors behind, as one does that makes variables. @default false */
  keepsTensors?: boolean;
  /** For stubs without `todo`, such as code with a bug to be found: whether the answer is still as it was given. */
  untouched?: () => boolean | Promise<boolean>;
}

export type ExerciseState = "untouched" | "failed" | "passed";

/** How one case went. */
export interface CaseReport {
  /** `softmax([1, 2, 3])`, or the rule in words. */
  what: string;
  expected?: string;
  got?: string;
  /** How far apart the two may be: `± 0.01 % + 1e-6`. */
  allowed?: string;
  /** What is wrong, in words; nothing where all is right. */
  problem?: string;
}

export interface Report {
  id: string;
  state: ExerciseState;
  cases: CaseReport[];
  /** What the learner learnt, or should think about. */
  message: string;
}

/** Tries an answer on every case and rule. Nothing is shown, and whatever goes wrong in the answer is in the report. */
export async function examine<Args extends unknown[], Result>(
  id: string,
  answer: (...args: Args) => Result,
  spec: CheckSpec<Args, Result>,
  name?: string,
): Promise<Report> {
  const first = spec.untouched ? "Mend the code in the cell above" : "Replace `todo` in the cell above with your code";
  const message = `${first}, run that cell, then this one. Stuck? There is a hint in the task and a solution below.`;
  const untouched: Report = { id, state: "untouched", cases: [], message };
  if (isTodo(answer) || (await spec.untouched?.())) return untouched;
  const shownName = name ?? (answer.name || "answer");
  const cases: CaseReport[] = [];
  const hints = new Set<string>();
  for (const one of spec.cases) {
    const found = await tryCase(answer, spec, one, shownName);
    if (found === "untouched") return untouched;
    cases.push(...found.reports);
    found.hints.forEach((hint) => hints.add(hint));
  }
  const passed = cases.every(({ problem }) => problem === undefined);
  return { id, state: passed ? "passed" : "failed", cases, message: passed ? spec.learned : [...hints].join(" ") };
}

interface Tried {
  reports: CaseReport[];
  hints: string[];
}

async function tryCase<Args extends unknown[], Result>(
  answer: (...args: Args) => Result,
  spec: CheckSpec<Args, Result>,
  one: Case<Args, Result>,
  name: string,
): Promise<Tried | "untouched"> {
  const made = typeof one.args === "function";
  const args = (made ? (one.args as () => unknown)() : one.args) as Args;
  const what = name === "" ? "your answer" : `${name}(${args.map((arg) => nameValue(arg)).join(", ")})`;
  const keep: unknown[] = made ? [args] : [];
  // Whatever a wrong answer leaves behind ends with this scope.
  tf.engine().startScope();
  try {
    // Before the call, which might change or dispose of its arguments.
    const compute = typeof one.expect === "function" ? (one.expect as (...args: Args) => unknown) : undefined;
    const expected = compute ? await compute(...args) : one.expect;
    const { result, leaked, disposed } = await trace(args, () => answer(...args) as Awaited<Result>);
    if (isTodo(result)) return "untouched";
    const tidy = spec.keepsTensors ? undefined : tidiness(leaked, disposed);
    const reports = judge(result as Awaited<Result>, args, { what, spec, one, expected, tidy });
    const failed = reports.some(({ problem }) => problem !== undefined);
    const hints = failed ? (spec.hints ?? []).filter((hint) => holdsQuietly(() => hint.when(result, ...args))) : [];
    keep.push(spec.keepsTensors ? [] : withoutArgs(result, args));
    return { reports, hints: hints.map(({ says }) => says) };
  } catch (error) {
    if (error instanceof TodoError) return "untouched";
    return { reports: [{ what, problem: thrown(error) }], hints: [] };
  } finally {
    tf.engine().endScope();
    disposeAll(...keep);
  }
}

const withoutArgs = (result: unknown, args: readonly unknown[]): unknown =>
  args.includes(result) ? undefined : result;

const thrown = (error: unknown): string =>
  error instanceof Error ? `It stopped with ${error.name}: ${error.message}` : `It threw ${writeValue(error)}.`;

function tidiness(leaked: number, disposed: number): string | undefined {
  if (disposed > 0) return "It disposes of a tensor that it was given. Whoever made it may still need it.";
  if (leaked === 0) return undefined;
  return `It leaves ${leaked} ${leaked === 1 ? "tensor" : "tensors"} behind. Wrap the computation in tf.tidy(() => …).`;
}

interface JudgeOptions<Args extends unknown[], Result> {
  what: string;
  spec: CheckSpec<Args, Result>;
  one: Case<Args, Result>;
  expected: unknown;
  tidy?: string;
}

function judge<Args extends unknown[], Result>(
  result: Awaited<Result>,
  args: Args,
  { what, spec, one, expected, tidy }: JudgeOptions<Args, Result>,
): CaseReport[] {
  const tolerance = { atol: one.atol ?? spec.atol, rtol: one.rtol ?? spec.rtol };
  const wrong = "expect" in one ? difference(result, expected, tolerance) : undefined;
  const problem = [wrong && [wrong, one.rule].filter(Boolean).join(" "), tidy].filter(Boolean).join(" ");
  const first: CaseReport = {
    what,
    got: writeValue(result),
    ...("expect" in one && { expected: writeValue(expected), allowed: writeTolerance(expected, tolerance) }),
    ...(problem !== "" && { problem }),
  };
  // Rules about a result of the wrong kind or shape would only repeat in riddles what is said already.
  if (wrong !== undefined) return [first];
  const broken = (spec.rules ?? [])
    .map((rule) => judgeRule(rule, result, args, spec))
    .filter((report) => report !== undefined);
  return [first, ...broken.map((report) => ({ ...report, what: `${what}: ${report.what}` }))];
}

function judgeRule<Args extends unknown[], Result>(
  rule: Rule<Args, Result>,
  result: Awaited<Result>,
  args: Args,
  { atol, rtol }: Tolerance,
): CaseReport | undefined {
  const held = rule.holds(result, ...args);
  if (held === true) return undefined;
  if (held === false) return { what: rule.says, problem: "That does not hold." };
  const [got, expected] = held;
  const tolerance = { atol: rule.atol ?? atol, rtol: rule.rtol ?? rtol };
  const problem = difference(got, expected, tolerance);
  return problem === undefined
    ? undefined
    : {
        what: rule.says,
        got: writeValue(got),
        expected: writeValue(expected),
        allowed: writeTolerance(expected, tolerance),
        problem,
      };
}

/** A hint that stumbles over a wrong result of another kind is simply not the right one. */
function holdsQuietly(test: () => boolean): boolean {
  try {
    return test();
  } catch {
    return false;
  }
}
