/** The parts that the doctor looks at; the names are those of `npm run doctor -- --json`. */
export const parts = [
  "node",
  "python",
  "jupyter",
  "tensorflow",
  "binding",
  "backend",
  "device",
  "gpu",
  "memory",
  "kernel",
  "data",
] as const;

export type Part = (typeof parts)[number];

/** What the doctor found of one part. */
export interface Check {
  part: Part;
  /** False where the course does not run, or not as it could on this machine. */
  ok: boolean;
  /** A version, a name, a place; null where the part is missing. */
  value: string | number | boolean | null;
  /** What is behind the value, or what is wrong. */
  detail?: string;
  /** What to do; there for every part that is not ok. */
  remedy?: string;
}

/** One line a part, and one that sums up. */
export function asText(checks: Check[]): string {
  const lines = checks.map(({ part, ok, value, detail, remedy }) => {
    const said = [value === null || typeof value === "boolean" ? "" : String(value), detail].filter(Boolean).join(", ");
    return `${ok ? "ok" : "✗ "}  ${part.padEnd(10)}  ${said}${remedy ? `: ${remedy}` : ""}`;
  });
  const wrong = checks.filter(({ ok }) => !ok).length;
  const sum = wrong ? `${wrong} of ${checks.length} need attention.` : "Everything is as it should be.";
  return [...lines, sum].join("\n");
}

/** The same for programs: each part's value by its name, and whether all is well. */
export function asJson(checks: Check[]): Record<string, unknown> {
  const values = Object.fromEntries(checks.map(({ part, value }) => [part, value]));
  const problems = checks
    .filter(({ ok }) => !ok)
    .map(({ part, detail, remedy }) => ({ part, detail: detail ?? null, remedy: remedy ?? null }));
  return { ...values, ok: problems.length === 0, problems };
}
