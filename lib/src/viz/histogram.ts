import { checkFinite, checkInteger, checkOptions } from "../check";
import { checkTitle, resolveAxis } from "./axis";
import { readNumbers, rounded, shortNumber, type Numbers } from "./numbers";
import { chart, type VegaLiteSpec } from "./spec";

export interface HistogramOptions {
  /** The chart's one message. */
  title: string;
  /** What the values are, with their unit. @default "value" */
  x?: string;
  /** How many bins the range is cut into, about: their edges are round numbers. @default 40 */
  bins?: number;
  /** A second, smaller line. */
  subtitle?: string;
}

/** Where bins start and how wide they are. */
interface Bins {
  start: number;
  width: number;
  count: number;
}

/**
 * How often values fall into each of many equal bins. Several sets, given by name, share the bins and are drawn as shares of
 * their own total, so that sets of different sizes can be compared.
 *
 * @param values any numbers, or `{ name: numbers }`: the weights of each layer, say
 * @throws RangeError for no values and for NaN or infinity, which have no bin
 * @example histogram({ zeros: a, "He normal": b }, { title: "He keeps activations alive", x: "activation" })
 */
export function histogram(values: Numbers | Record<string, Numbers>, options: HistogramOptions): VegaLiteSpec {
  const where = "histogram()";
  checkOptions(where, options, ["title", "x", "bins", "subtitle"]);
  const { title, subtitle, bins: wanted = 40 } = options;
  checkTitle(where, title);
  checkInteger(where, "bins", wanted, { min: 1, max: 200 });
  const sets = readSets(where, values);
  const bins = chooseBins(sets, wanted);
  const several = sets.length > 1;
  const x = resolveAxis({ field: "from", title: options.x ?? "value" });
  const rows = sets.flatMap(({ name, numbers }) =>
    // An outline needs the right edge of the last bin as well.
    [...countInto(numbers, bins), ...(several ? [0] : [])].map((count, i) => ({
      from: rounded(bins.start + i * bins.width, 8),
      ...(several
        ? { share: rounded(count / numbers.length), set: name }
        : { to: rounded(bins.start + (i + 1) * bins.width, 8), count }),
    })),
  );
  return chart({
    title,
    subtitle,
    description: `Histogram of ${x.title}: ${sets.map(describeSet).join("; ")}.`,
    data: { values: rows },
    mark: several
      ? { type: "area", interpolate: "step-after", opacity: 0.45, line: true }
      : { type: "bar", binSpacing: 1 },
    encoding: {
      x: {
        field: "from",
        type: "quantitative",
        title: x.title,
        ...(!several && { bin: "binned" }),
        scale: { zero: false },
      },
      ...(!several && { x2: { field: "to" } }),
      y: several
        ? { field: "share", type: "quantitative", title: "share of values", stack: null, axis: { format: "%" } }
        : { field: "count", type: "quantitative", title: "values in bin" },
      ...(several && { color: { field: "set", type: "nominal", title: null, sort: null } }),
    },
  });
}

interface NamedSet {
  name?: string;
  numbers: ArrayLike<number>;
}

function readSets(where: string, values: Numbers | Record<string, Numbers>): NamedSet[] {
  const named = typeof values === "object" && values !== null && Object.getPrototypeOf(values) === Object.prototype;
  const sets = named && !("dataSync" in values) ? Object.entries(values as Record<string, Numbers>) : undefined;
  if (sets?.length === 0) throw new RangeError(`${where} wants at least one set of values, got {}.`);
  return (sets ?? [[undefined, values as Numbers]]).map(([name, set]) => {
    const numbers = readNumbers(where, name ?? "values", set as Numbers);
    checkFinite(where, name ?? "values", numbers, "filter them out and say how many there were.");
    return { name: name as string | undefined, numbers };
  });
}

/** Bins with round edges (1, 2 or 5 times a power of ten) over all sets; one bin around a constant. */
function chooseBins(sets: NamedSet[], wanted: number): Bins {
  let [low, high] = [Infinity, -Infinity];
  for (const { numbers } of sets) {
    for (let i = 0; i < numbers.length; i++) {
      if (numbers[i] < low) low = numbers[i];
      if (numbers[i] > high) high = numbers[i];
    }
  }
  const raw = high > low ? (high - low) / wanted : Math.abs(high) / 10 || 0.1;
  const power = 10 ** Math.floor(Math.log10(raw));
  const width = power * [1, 2, 5, 10].reduce((best, step) => (raw <= best * power * 1.0001 ? best : step), 1);
  const start = Math.floor(low / width) * width;
  return { start, width, count: Math.max(1, Math.floor((high - start) / width) + 1) };
}

function countInto(numbers: ArrayLike<number>, { start, width, count }: Bins): number[] {
  const counts = new Array<number>(count).fill(0);
  for (let i = 0; i < numbers.length; i++) counts[Math.min(count - 1, Math.floor((numbers[i] - start) / width))]++;
  return counts;
}

function describeSet({ name, numbers }: NamedSet): string {
  let [sum, squares, low, high] = [0, 0, Infinity, -Infinity];
  for (let i = 0; i < numbers.length; i++) {
    sum += numbers[i];
    low = Math.min(low, numbers[i]);
    high = Math.max(high, numbers[i]);
  }
  const mean = sum / numbers.length;
  for (let i = 0; i < numbers.length; i++) squares += (numbers[i] - mean) ** 2;
  const std = Math.sqrt(squares / numbers.length);
  return (
    `${name === undefined ? "" : `${name}, `}${numbers.length} values from ${shortNumber(low)} to ${shortNumber(high)}, ` +
    `mean ${shortNumber(mean)}, standard deviation ${shortNumber(std)}`
  );
}
