/**
 * Checks of arguments, in one voice: `fit() wants batchSize to be an integer from 1 up, got 0. Remedy: …`
 * The function comes first, then what it wants, then what it got, then what to do where that is not plain.
 * RangeError for a value out of bounds, TypeError for the wrong kind of thing.
 */

/** What a check needs of a tensor: no import of TensorFlow, so that code without it can check as well. */
export interface Shaped {
  readonly shape: readonly number[];
  readonly dtype: string;
}

export interface BoundOptions {
  /** Smallest and largest accepted value, both included. */
  min?: number;
  max?: number;
  /** What to do about it, in a sentence. */
  remedy?: string;
}

/** Throws the sentence that all checks speak. */
export function refuse(
  where: string,
  name: string,
  wanted: string,
  value: unknown,
  options: RefuseOptions = {},
): never {
  const { kind = RangeError, remedy } = options;
  throw new kind(
    `${where} wants ${name} to be ${wanted}, got ${describe(value)}.${remedy ? ` Remedy: ${remedy}` : ""}`,
  );
}

/**
 * The error for a file of `lib/checkpoints` that is not there: these files come with nablab, and each has a program that makes
 * it anew.
 *
 * @param what is missing, such as `weights in FILE` @param program the words behind `node lib/dist/checkpoints/`
 */
export function missingCheckpoint(where: string, what: string, program: string): Error {
  return new Error(
    `${where} found no ${what}. Remedy: git checkout lib/checkpoints, or make it anew: npm run build && ` +
      `node lib/dist/checkpoints/${program}`,
  );
}

export interface RefuseOptions {
  kind?: typeof RangeError | typeof TypeError;
  remedy?: string;
}

/** Accepts an integer within bounds. @throws TypeError for anything but a number, RangeError for other numbers */
export function checkInteger(where: string, name: string, value: unknown, options: BoundOptions = {}): number {
  return checkBounds(where, name, value, "an integer", Number.isSafeInteger, options);
}

/** Accepts a finite number within bounds. @throws TypeError for anything but a number, RangeError for NaN and the rest */
export function checkNumber(where: string, name: string, value: unknown, options: BoundOptions = {}): number {
  return checkBounds(where, name, value, "a finite number", Number.isFinite, options);
}

function checkBounds(
  where: string,
  name: string,
  value: unknown,
  what: string,
  is: (value: unknown) => boolean,
  { min = -Infinity, max = Infinity, remedy }: BoundOptions,
): number {
  const number = value as number;
  if (typeof value === "number" && is(value) && number >= min && number <= max) return number;
  const bounds = [
    min === -Infinity ? "" : ` from ${min}`,
    max === Infinity ? (min === -Infinity ? "" : " up") : `${min === -Infinity ? " up" : ""} to ${max}`,
  ].join("");
  return refuse(where, name, what + bounds, value, {
    kind: typeof value === "number" ? RangeError : TypeError,
    remedy,
  });
}

/** Accepts one of the listed words. @throws RangeError that lists them all */
export function checkOneOf<T extends string>(where: string, name: string, value: unknown, words: readonly T[]): T {
  if (words.includes(value as T)) return value as T;
  const near = typeof value === "string" ? closest(value, words) : undefined;
  const remedy = near && `did you mean "${near}"?`;
  return refuse(where, name, words.map((word) => `"${word}"`).join(" or "), value, { remedy });
}

/** Refuses options that do not exist, such as a misspelt one that would be ignored. @throws TypeError */
export function checkOptions(where: string, options: object, known: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const near = closest(name, known);
    const remedy = near ? `did you mean ${near}?` : `it knows ${known.join(", ")}.`;
    throw new TypeError(`${where} has no option ${name}. Remedy: ${remedy}`);
  }
}

/** Accepts a function. @throws TypeError */
export function checkFunction<T>(where: string, name: string, value: T, remedy?: string): T {
  if (typeof value === "function") return value;
  return refuse(where, name, "a function", value, { kind: TypeError, remedy });
}

/**
 * Accepts a tensor of a shape; null stands for any size.
 *
 * @example checkShape("conv2d()", "x", x, [null, null, null, 3]);
 * @throws TypeError where it is no tensor, RangeError where the shape differs
 */
export function checkShape<T>(
  where: string,
  name: string,
  value: T,
  shape: readonly (number | null)[],
  remedy?: string,
): T & Shaped {
  const tensor = checkTensor(where, name, value);
  const fits = tensor.shape.length === shape.length && shape.every((n, i) => n === null || n === tensor.shape[i]);
  if (fits) return tensor;
  const wanted = `a tensor of shape [${shape.map((size) => size ?? "any").join(", ")}]`;
  return refuse(where, name, wanted, value, { remedy });
}

/** Accepts a tensor that holds one of these types. @throws TypeError */
export function checkDtype<T>(
  where: string,
  name: string,
  value: T,
  dtypes: readonly string[],
  remedy?: string,
): T & Shaped {
  const tensor = checkTensor(where, name, value);
  if (dtypes.includes(tensor.dtype)) return tensor;
  return refuse(where, name, `a tensor of ${dtypes.join(" or ")}`, value, { kind: TypeError, remedy });
}

/** Accepts a tensor that has not been disposed of. @throws TypeError, or Error where it is gone already */
export function checkTensor<T>(where: string, name: string, value: T): T & Shaped {
  const tensor = value as T & Shaped & { isDisposed?: boolean };
  if (!isShaped(value))
    return refuse(where, name, "a tensor", value, { kind: TypeError, remedy: "wrap it in tf.tensor(…)." });
  if (tensor.isDisposed) {
    throw new Error(`${where} got ${name} after it was disposed of. Remedy: tf.keep() or clone() it where it is made.`);
  }
  return tensor;
}

/** Accepts numbers without NaN or infinity. @throws RangeError that says where the first one is */
export function checkFinite(where: string, name: string, values: ArrayLike<number>, remedy?: string): void {
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    const advice = remedy ? ` Remedy: ${remedy}` : "";
    throw new RangeError(`${where} wants ${name} to be finite numbers, got ${values[i]} at ${i}.${advice}`);
  }
}

/** Accepts class labels: integers from 0 to `classes - 1`. @throws RangeError that says where the first other one is */
export function checkLabels(where: string, name: string, labels: ArrayLike<number>, classes: number): void {
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    if (Number.isInteger(label) && label >= 0 && label < classes) continue;
    const wanted = `labels from 0 to ${classes - 1}`;
    throw new RangeError(`${where} wants ${name} to be ${wanted} for ${classes} classes, got ${label} at ${i}.`);
  }
}

function isShaped(value: unknown): value is Shaped {
  const tensor = value as Partial<Shaped> | null;
  return typeof tensor === "object" && Array.isArray(tensor?.shape) && typeof tensor?.dtype === "string";
}

/** A value in a few words, as the sentences above end: `"adm"`, `a tensor of float32 [2, 3]`, `undefined`. */
export function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value);
  if (typeof value === "function") return value.name ? `the function ${value.name}` : "a function";
  if (isShaped(value)) return `a tensor of ${value.dtype} [${value.shape.join(", ")}]`;
  if (ArrayBuffer.isView(value)) return `a ${value.constructor.name} of ${value.byteLength} bytes`;
  if (Array.isArray(value)) {
    return value.length > 6 ? `an array of ${value.length}` : `[${value.map(describe).join(", ")}]`;
  }
  if (typeof value === "object" && value !== null) return `an object (${value.constructor?.name ?? "Object"})`;
  return String(value);
}

/** The word that was probably meant: at most a third of its letters differ. */
function closest(word: string, words: readonly string[]): string | undefined {
  const ranked = words
    .map((candidate) => ({ candidate, distance: edits(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best && best.distance <= Math.max(1, best.candidate.length / 3) ? best.candidate : undefined;
}

/** Letters to insert, delete or replace to get from one word to another. Levenshtein, 1966. */
function edits(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      next[j] = Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (from[i - 1] === to[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[to.length];
}
