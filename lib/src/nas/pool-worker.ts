/** The program of a pool's processes: loads the evaluator's module once, and evaluates what it is sent. */
import { pathToFileURL } from "node:url";
import { checked, Details, Evaluator, Outcome } from "./outcome";
import { Candidate } from "./search";

/** Where a process gets its evaluator from. */
export interface Source {
  module: string;
  options: unknown;
}

/** A candidate to evaluate; without one, the question for the evaluator's setup. */
export interface Request {
  source: Source;
  candidate?: Candidate<unknown>;
}

/** What a process answers: the value, or why it can evaluate nothing at all. */
export type Answer<T> = { value: T } | { broken: string };

let evaluator: Promise<Evaluator<unknown>> | undefined;
const never = new AbortController().signal;

async function load({ module, options }: Source): Promise<Evaluator<unknown>> {
  const loaded = (await import(pathToFileURL(module).href)) as {
    evaluator?: unknown;
    default?: { evaluator?: unknown };
  };
  const make = loaded.evaluator ?? loaded.default?.evaluator;
  if (typeof make !== "function") {
    throw new TypeError(`${module} exports no function evaluator. Remedy: exports.evaluator = (options) => ….`);
  }
  const made = (await make(options)) as Evaluator<unknown> | undefined;
  if (typeof made?.evaluate === "function") return made;
  throw new TypeError(`${module}: evaluator() returns no evaluator. Remedy: candidateTrainer(…) or evaluatorOf(…).`);
}

async function respond({ source, candidate }: Request): Promise<Answer<Details | Outcome>> {
  try {
    const made = await (evaluator ??= load(source));
    return { value: candidate === undefined ? (made.setup ?? {}) : checked(await made.evaluate(candidate, never)) };
  } catch (error) {
    return { broken: error instanceof Error ? error.message : String(error) };
  }
}

process.on("message", (request: Request) => {
  void respond(request).then((answer) => process.send!(answer));
});
// The process that started this one decides what Ctrl+C and a notebook's Stop mean; both reach all of a group.
process.on("SIGINT", () => {});
process.on("disconnect", () => process.exit());
