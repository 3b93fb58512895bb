/** How many elements are shown in full; of larger arrays only the edges are, as in NumPy. */
const THRESHOLD = 1000;
/** Elements shown at either end of an elided axis. */
const EDGE = 3;
/** Significant digits of a fraction. */
const DIGITS = 4;

/** Reads an element of a row-major array: a number, or for strings and booleans their text. */
export type Element = (index: number) => number | string;

/**
 * Picks one notation for all the numbers of an array: integers as they are, fractions with four digits, and a
 * power of ten where the range asks for it.
 */
export function numberFormat(values: number[]): (value: number) => string {
  const finite = values.filter(Number.isFinite);
  const special = (value: number) => (Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf");
  const format = (write: (value: number) => string) => (value: number) =>
    Number.isFinite(value) ? write(value) : special(value);
  if (finite.every(Number.isInteger) && finite.every((value) => Math.abs(value) < 1e15)) return format(String);
  const sizes = finite.filter((value) => value !== 0).map(Math.abs);
  const largest = Math.max(...sizes);
  const smallest = Math.min(...sizes);
  if (largest >= 1e8 || smallest < 1e-4 || largest / smallest > 1e6)
    return format((value) => value.toExponential(DIGITS));
  // No more digits than the values have: 0.5 is not 0.5000.
  const rounded = finite.map((value) => Number(value.toFixed(DIGITS)));
  let digits = 1;
  while (digits < DIGITS && rounded.some((value) => Number(value.toFixed(digits)) !== value)) digits += 1;
  return format((value) => value.toFixed(digits));
}

/** Indices along an axis that are shown; null stands for those left out. */
function shown(length: number, elide: boolean): (number | null)[] {
  const all = Array.from({ length: Math.min(length, THRESHOLD) }, (_, i) => i);
  if (!elide || length <= 2 * EDGE) return all;
  return [...all.slice(0, EDGE), null, ...Array.from({ length: EDGE }, (_, i) => length - EDGE + i)];
}

/**
 * Nested brackets with aligned columns, as NumPy prints them; large arrays show their edges only.
 *
 * @param shape Lengths of the axes, outermost first; `[]` is a scalar.
 */
export function formatArray(shape: number[], element: Element): string {
  const size = shape.reduce((product, length) => product * length, 1);
  const axes = shape.map((length) => shown(length, size > THRESHOLD));
  const strides = shape.map((_, i) => shape.slice(i + 1).reduce((product, length) => product * length, 1));

  const seen: (number | string)[] = [];
  const collect = (axis: number, offset: number): void => {
    if (axis === shape.length) return void seen.push(element(offset));
    for (const index of axes[axis]) if (index !== null) collect(axis + 1, offset + index * strides[axis]);
  };
  collect(0, 0);
  const write = numberFormat(seen.filter((value) => typeof value === "number"));
  const text = (value: number | string) => (typeof value === "number" ? write(value) : value);
  const width = seen.reduce<number>((widest, value) => Math.max(widest, text(value).length), 0);

  const print = (axis: number, offset: number): string => {
    if (axis === shape.length) return text(element(offset)).padStart(shape.length === 0 ? 0 : width);
    const parts = axes[axis].map((index) => (index === null ? "..." : print(axis + 1, offset + index * strides[axis])));
    const last = axis === shape.length - 1;
    const separator = last ? ", " : `,${"\n".repeat(shape.length - 1 - axis)}${" ".repeat(axis + 1)}`;
    return `[${parts.join(separator)}]`;
  };
  return print(0, 0);
}
