/**
 * What a WebAssembly function is written with: helpers that give the bytes of instructions, so that code reads as nested
 * expressions. Only what `dense-kernel.ts` needs. WebAssembly Core Specification 2.0, chapter 5: Binary format.
 */

/** Instructions, as bytes. */
export type Code = readonly number[];
/** The number of a parameter or a local. */
export type Local = number;

const leb = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)]);
const vector = (opcode: number): number[] => [0xfd, ...leb(opcode)];
const binary =
  (...opcode: number[]) =>
  (a: Code, b: Code): Code => [...a, ...b, ...opcode];
const unary =
  (opcode: number) =>
  (a: Code): Code => [...a, ...vector(opcode)];

export const get = (local: Local): Code => [0x20, local];
export const set = (local: Local, value: Code): Code => [...value, 0x21, local];

/** A whole number from 0 up to 8191: its bytes as those of a number with a sign. */
export const whole = (value: number): Code => [0x41, (value & 127) | 128, value >>> 7];
/** Sum and product of whole numbers. */
export const [plus, times] = [binary(0x6a), binary(0x6c)];

/** Repeats while one local is below another. */
export const whileBelow = (local: Local, end: Local, body: Code[]): Code => [
  ...[0x02, 0x40, 0x03, 0x40], // block, loop
  ...[...get(local), ...get(end), 0x4f, 0x0d, 1], // at or above it: leave the block
  ...[...body.flat(), 0x0c, 0, 0x0b, 0x0b], // loop again; end, end
];

/** A pair of float64 numbers in memory, so many bytes after an address. */
export const load = (address: Code, offset = 0): Code => [...address, ...vector(0x00), 3, ...leb(offset)];
/** One float64 number in memory, twice. */
export const loadTwice = (address: Code, offset = 0): Code => [...address, ...vector(0x0a), 3, ...leb(offset)];
export const store = (address: Code, offset: number, pair: Code): Code => [
  ...[...address, ...pair, ...vector(0x0b), 3, ...leb(offset)],
];
/** One float64 number, twice. */
export const both = (value: number): Code => [
  ...[...vector(0x0c), ...new Uint8Array(new Float64Array([value, value]).buffer)],
];

/** Arithmetic of pairs of float64 numbers. */
export const [add, sub, mul, div, min] = [0xf0, 0xf1, 0xf2, 0xf3, 0xf4].map((opcode) => binary(...vector(opcode)));
export const [abs, nearest] = [unary(0xec), unary(0x94)];
/** A pair of numbers that are not negative, with the signs of another. */
export const withSignsOf = (signs: Code, pair: Code): Code => [
  ...[...signs, ...both(-0), ...vector(0x4e), ...pair, ...vector(0x50)],
];
/** Rounds to float32, and back. */
export const toFloat32 = (pair: Code): Code => [...pair, ...vector(0x5e), ...vector(0x5f)];
/** `2^k` for whole k. Adding 1.5 · 2^52 + 1023 puts k + 1023 in the lowest bits; moved up, they are the exponent. */
export const powerOf2 = (k: Code): Code => [...add(k, both(1.5 * 2 ** 52 + 1023)), ...whole(52), ...vector(0xcb)];

export interface WasmFunction {
  name: string;
  parameters: number;
  code: Code;
}

/**
 * A function that takes whole numbers and gives nothing.
 *
 * @param parameters names, by which `body` gets the locals
 * @param numbers names of further whole numbers
 * @param pairs names of pairs of float64 numbers
 */
export function wasmFunction<P extends string, N extends string, V extends string>(
  name: string,
  { parameters, numbers, pairs }: { parameters: P[]; numbers: N[]; pairs: V[] },
  body: (locals: Record<P | N | V, Local>) => Code[],
): WasmFunction {
  const locals = Object.fromEntries([...parameters, ...numbers, ...pairs].map((local, i) => [local, i]));
  const types = [2, ...leb(numbers.length), 0x7f, ...leb(pairs.length), 0x7b];
  const code = [...types, ...body(locals as Record<P | N | V, Local>).flat(), 0x0b];
  return { name, parameters: parameters.length, code: [...leb(code.length), ...code] };
}

/** A module of functions that work on `env.memory`. */
export function wasmModule(functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const list = (items: Code[]): number[] => [...leb(items.length), ...items.flat()];
  const text = (value: string): number[] => [...leb(value.length), ...Buffer.from(value)];
  const section = (id: number, items: Code[]): number[] => [id, ...leb(list(items).length), ...list(items)];
  const types = functions.map(({ parameters }) => [0x60, ...list(Array<Code>(parameters).fill([0x7f])), 0]);
  const bodies = functions.map(({ code }) => code);
  const names = functions.map(({ name }, i) => [...text(name), 0, ...leb(i)]);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // \0asm, version 1
    ...section(1, types),
    ...section(2, [[...text("env"), ...text("memory"), 2, 0, 1]]),
    ...section(3, [...functions.keys()].map(leb)),
    ...section(7, names),
    ...section(10, bodies),
  ]);
}
