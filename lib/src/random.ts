/**
 * Random numbers that can be repeated. Everything random in nablab comes from here, so that a seed is all it takes to
 * see the same initialisation, the same batches and the same augmentation again.
 */
import { createHash } from "node:crypto";
import { checkInteger, checkNumber } from "./check";
import { philox } from "./random/philox";

/** All that a generator knows: put it into a checkpoint, and the sequence goes on where it was. */
export interface RandomState {
  key: [number, number];
  /** Blocks of four numbers made so far, as a 64-bit count: low word, high word. */
  counter: [number, number];
  /** Numbers of the last block already given out, 0 to 4. */
  used: number;
  /** The second of a pair of normal numbers, waiting for its turn. */
  spare: number | null;
}

/**
 * A stream of random numbers: Philox 4x32-10, counter-based, with a period of 2^66 numbers.
 *
 * It is the generator behind `tf.random.Generator` in TensorFlow and CUDA's default in PyTorch. Since number n depends on
 * the key and n alone, streams with other keys are independent, and the state is a handful of integers.
 *
 * Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3. SC 2011.
 */
export class RandomGenerator {
  private readonly block = new Uint32Array(4);
  private low = 0;
  private high = 0;
  private used = 4;
  private spare: number | null = null;

  private constructor(private key: readonly [number, number]) {}

  /** @internal Use `generator(seed)`. */
  static ofKey(key: readonly [number, number]): RandomGenerator {
    return new RandomGenerator(key);
  }

  /** Goes on where a generator was when its `state` was taken. */
  static from({ key, counter, used, spare }: RandomState): RandomGenerator {
    return new RandomGenerator(key).restore({ key, counter, used, spare });
  }

  /** The next 32 random bits as an integer, `0 <= bits < 2^32`. */
  bits(): number {
    if (this.used === 4) {
      philox(this.block, this.key[0], this.key[1], this.low, this.high);
      this.low = (this.low + 1) >>> 0;
      if (this.low === 0) this.high = (this.high + 1) >>> 0;
      this.used = 0;
    }
    return this.block[this.used++];
  }

  /** A number from `low` up to, not including, `high`, all equally likely, with 53 random bits. */
  uniform(low = 0, high = 1): number {
    const share = ((this.bits() >>> 5) * 2 ** 26 + (this.bits() >>> 6)) * 2 ** -53;
    return low + (high - low) * share;
  }

  /**
   * A number from the normal distribution with this mean and standard deviation.
   *
   * `mean + std · sqrt(-2 ln(1 - u)) · cos(2πv)` with u and v uniform; the sine makes the next one.
   * Box and Muller: A note on the generation of random normal deviates. 1958.
   */
  normal(mean = 0, std = 1): number {
    let value = this.spare;
    if (value === null) {
      const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
      const angle = 2 * Math.PI * this.uniform();
      value = radius * Math.cos(angle);
      this.spare = radius * Math.sin(angle);
    } else {
      this.spare = null;
    }
    return mean + std * value;
  }

  /**
   * An integer from `low` up to, not including, `high`, all equally likely: what a plain remainder would favour is drawn again.
   *
   * @throws RangeError where a bound is no integer, or the range is empty or wider than 2^32
   */
  integer(low: number, high: number): number {
    checkInteger("integer()", "low", low);
    checkInteger("integer()", "high", high, { min: low + 1, max: low + 2 ** 32 });
    return low + this.below(high - low);
  }

  /** An integer from 0 up to, not including, `range`, a whole number up to 2^32. */
  private below(range: number): number {
    let bits = this.bits();
    // Mostly said by the first comparison; remainders of unsigned integers are quick, those of other numbers are not.
    while (bits >= 2 ** 32 - range && bits >= 2 ** 32 - (2 ** 32 % range)) bits = this.bits();
    return range === 2 ** 32 ? bits : (bits >>> 0) % (range >>> 0);
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    checkNumber("chance()", "probability", probability, { min: 0, max: 1 });
    return this.uniform() < probability;
  }

  /** `count` uniform numbers as float32, with the 24 random bits that float32 has room for. */
  uniforms(count: number, low = 0, high = 1): Float32Array {
    checkInteger("uniforms()", "count", count, { min: 0 });
    const values = new Float32Array(count);
    for (let i = 0; i < count; i++) values[i] = low + (high - low) * (this.bits() >>> 8) * 2 ** -24;
    return values;
  }

  /** `count` normal numbers as float32. */
  normals(count: number, mean = 0, std = 1): Float32Array {
    checkInteger("normals()", "count", count, { min: 0 });
    const values = new Float32Array(count);
    for (let i = 0; i < count; i++) values[i] = this.normal(mean, std);
    return values;
  }

  /** Puts an array into random order, in place. Fisher and Yates, 1938; Durstenfeld, 1964. */
  shuffle<T extends { length: number; [index: number]: unknown }>(items: T): T {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const item = items[i];
      items[i] = items[j];
      items[j] = item;
    }
    return items;
  }

  /** The numbers 0 to `count - 1` in random order. */
  permutation(count: number): Int32Array {
    checkInteger("permutation()", "count", count, { min: 0, max: 2 ** 31 - 1 });
    const items = new Int32Array(count);
    // Int32Array.from would take twice as long as the shuffle.
    for (let i = 0; i < count; i++) items[i] = i;
    return this.shuffle(items);
  }

  /** One of the items, all equally likely. */
  pick<T>(items: ArrayLike<T>): T {
    checkInteger("pick()", "items.length", items.length, { min: 1 });
    return items[this.integer(0, items.length)];
  }

  /**
   * A new, independent stream with a name or a number: `rng.split("weights")`, `rng.split(epoch)`. The same name always
   * gives the same stream, however many numbers were drawn in between, so that adding a random step to a program leaves
   * all others as they were.
   */
  split(name: string | number): RandomGenerator {
    return RandomGenerator.ofKey(hash(`${this.key[0]},${this.key[1]}/${typeof name}:${name}`));
  }

  /** Moves this stream to where another one was when its `state` was taken. */
  restore({ key, counter, used, spare }: RandomState): this {
    this.key = [key[0], key[1]];
    [this.low, this.high] = counter;
    this.used = used;
    this.spare = spare;
    if (used < 4) philox(this.block, key[0], key[1], ...before(counter));
    return this;
  }

  /** Takes down where this stream is. Plain data, safe to write as JSON. */
  state(): RandomState {
    const { key, low, high, used, spare } = this;
    return { key: [key[0], key[1]], counter: [low, high], used, spare };
  }
}

/**
 * Starts a stream of random numbers.
 *
 * @param seed an integer from 0 up, used as the key as it stands; or any text
 * @throws RangeError where the seed is negative or no integer
 */
export function generator(seed: number | string): RandomGenerator {
  if (typeof seed === "string") return RandomGenerator.ofKey(hash(`seed:${seed}`));
  checkInteger("generator()", "seed", seed, { min: 0 });
  return RandomGenerator.ofKey([seed >>> 0, Math.floor(seed / 2 ** 32)]);
}

function hash(text: string): [number, number] {
  const digest = createHash("sha256").update(text).digest();
  return [digest.readUInt32LE(0), digest.readUInt32LE(4)];
}

function before([low, high]: [number, number]): [number, number] {
  return low === 0 ? [0xffffffff, (high - 1) >>> 0] : [low - 1, high];
}
