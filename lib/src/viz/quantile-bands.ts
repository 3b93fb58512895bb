import { checkFinite, checkInteger, checkNumber, checkOptions, refuse } from "../check";
import { checkTitle, quantitative, resolveAxis, type AxisOptions } from "./axis";
import { readNumbers, rounded, shortNumber, type Numbers } from "./numbers";
import { chart, type VegaLiteSpec } from "./spec";
import { palette } from "./theme";

/** Many numbers at one place, such as the activations of a layer. */
export interface Sample {
  /** The place along the bottom, once in each panel: the number of the layer, the epoch. */
  x: number;
  /** The numbers, in any order. */
  values: Numbers;
  /** Which panel they belong to; all samples say so, or none. @default one panel for all */
  panel?: string;
}

export interface QuantileBandsOptions {
  /** The chart's one message. */
  title: string;
  /** What the places are. @default "x" */
  x?: string;
  /** What the numbers are: a title, or more about the axis, such as `log` for powers of ten. */
  y: string | Omit<AxisOptions, "field">;
  /** How many panels stand side by side. @default 4 */
  columns?: number;
  /** A second, smaller line. @default what the bands are */
  subtitle?: string;
}

/** What is drawn of each sample: 5, 25, 50, 75 and 95 % of the numbers are at most so large. */
const shares = { q05: 0.05, q25: 0.25, median: 0.5, q75: 0.75, q95: 0.95 } as const;

/**
 * How numbers spread at each of several places: the median as a line, half of all numbers in the strong band, nine of ten
 * in the faint one. Panels share their axes, so that they can be compared.
 *
 * Quantiles by linear interpolation between the sorted numbers, NumPy's default. Hyndman and Fan: Sample quantiles in
 * statistical packages. The American Statistician, 1996, definition 7.
 *
 * @throws TypeError for a missing title or name of the numbers; RangeError for no numbers, NaN or infinity, a log axis with
 *   quantiles from 0 down, two samples at one place, and panels that only some samples name
 * @example quantileBands(layers.map(({ outputs }, i) => ({ x: i + 1, values: outputs.values })), { title: "It fades", y: "activation" })
 */
export function quantileBands(samples: readonly Sample[], options: QuantileBandsOptions): VegaLiteSpec {
  const where = "quantileBands()";
  checkOptions(where, options, ["title", "x", "y", "columns", "subtitle"]);
  const { title, columns = 4, subtitle = "line: median · strong: half of all · faint: nine of ten" } = options;
  checkTitle(where, title);
  checkInteger(where, "columns", columns, { min: 1 });
  if (options.y === undefined) refuse(where, "y", "what the numbers are, in words", options.y, { kind: TypeError });
  checkSamples(where, samples);
  const y = resolveAxis({ field: "median", ...(typeof options.y === "string" ? { title: options.y } : options.y) });
  const x = resolveAxis({ field: "x", title: options.x ?? "x" });
  const rows = samples.map(({ x, values, panel }, i) => ({
    x,
    ...(panel !== undefined && { panel }),
    ...quantiles(where, `values of sample ${i}`, values, y.log ?? false),
  }));
  const everything = rows.flatMap(({ q05, q95 }) => [q05, q95]);
  const height = quantitative(y, everything);
  const band = (low: string, high: string, opacity: number) => ({
    mark: { type: "area", orient: "vertical", opacity, color: palette[0] },
    encoding: { y: { ...height, field: low }, y2: { field: high } },
  });
  const layer = [
    band("q05", "q95", 0.2),
    band("q25", "q75", 0.4),
    { mark: { type: "line", point: true, color: palette[0] }, encoding: { y: height } },
  ];
  const places = [...new Set(rows.map((row) => row.x))].sort((a, b) => a - b);
  const along = {
    ...quantitative(x, places),
    // Ticks where the samples are, while there is room: no half layers between.
    ...(places.length <= 12 && { axis: { values: places, format: "~r" } }),
  };
  // Beside a log axis, Vega-Lite would pile up the places instead.
  const encoding = { x: { ...along, scale: { zero: false, nice: false }, stack: null } };
  const panels = [...new Set(rows.flatMap(({ panel }) => (panel === undefined ? [] : [panel])))];
  const across = Math.min(columns, panels.length);
  return chart({
    title,
    subtitle,
    description: `${y.title} over ${x.title}, nine of ten numbers: ${describeEnds(rows)}.`,
    data: { values: rows },
    ...(panels.length === 0
      ? { encoding, layer }
      : {
          facet: { field: "panel", type: "nominal", title: null, sort: panels },
          columns: across,
          spec: { width: across > 2 ? Math.floor(560 / across) : 260, height: 190, encoding, layer },
        }),
  });
}

type Quantiles = Record<keyof typeof shares, number | null>;

function checkSamples(where: string, samples: readonly Sample[]): void {
  if (!Array.isArray(samples)) refuse(where, "samples", "an array of { x, values }", samples, { kind: TypeError });
  if (samples.length === 0) refuse(where, "samples", "at least one of { x, values }", samples);
  const taken = new Set<string>();
  (samples as readonly Sample[]).forEach(({ x, panel }, i) => {
    checkNumber(where, `x of sample ${i}`, x);
    if ((panel === undefined) !== (samples[0].panel === undefined)) {
      refuse(where, `panel of sample ${i}`, "given for all samples or for none", panel);
    }
    const place = JSON.stringify([panel, x]);
    if (taken.has(place)) refuse(where, `x of sample ${i}`, "a place without a sample so far", x);
    taken.add(place);
  });
}

function quantiles(where: string, name: string, values: Numbers, log: boolean): Quantiles {
  const numbers = readNumbers(where, name, values);
  checkFinite(where, name, numbers);
  const sorted = Float64Array.from(numbers).sort();
  const at = (share: number) => {
    const place = share * (sorted.length - 1);
    const low = Math.floor(place);
    return sorted[low] + (place - low) * (sorted[Math.min(low + 1, sorted.length - 1)] - sorted[low]);
  };
  if (log && at(0.05) <= 0) {
    const remedy = "leave out log, or leave out the zeros and say how many there were.";
    refuse(where, name, "above 0 on a log axis", at(0.05), { remedy });
  }
  return Object.fromEntries(Object.entries(shares).map(([key, share]) => [key, rounded(at(share))])) as Quantiles;
}

function describeEnds(rows: ({ x: number; panel?: string } & Quantiles)[]): string {
  const panels = [...new Set(rows.map(({ panel }) => panel))];
  const ends = panels.map((panel) => {
    const own = rows.filter((row) => row.panel === panel).sort((a, b) => a.x - b.x);
    const told = [own[0], own.at(-1)!].map(({ x, q05, q95 }) => `${shortNumber(q05!)} to ${shortNumber(q95!)} at ${x}`);
    return `${panel === undefined ? "" : `${panel} `}${own.length > 1 ? told.join(", ") : told[0]}`;
  });
  return ends.join("; ");
}
