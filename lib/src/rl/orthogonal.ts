import { checkInteger, checkNumber } from "../check";
import { RandomGenerator } from "../random";

/**
 * Initial weights whose rows (or columns, where they are fewer) are at right angles and all of length `gain`: a signal
 * keeps its length on the way through a layer, whatever its width.
 *
 * Normal numbers made orthogonal by Gram and Schmidt's method, in float64. Saxe, McClelland and Ganguli: Exact solutions to
 * the nonlinear dynamics of learning in deep linear neural networks. ICLR 2014.
 *
 * @returns `[inputs, outputs]`, flat
 */
export function orthogonal(random: RandomGenerator, inputs: number, outputs: number, gain = 1): Float32Array {
  checkInteger("orthogonal()", "inputs", inputs, { min: 1 });
  checkInteger("orthogonal()", "outputs", outputs, { min: 1 });
  checkNumber("orthogonal()", "gain", gain, { min: 0 });
  const [count, length] = [Math.min(inputs, outputs), Math.max(inputs, outputs)];
  const vectors: Float64Array[] = [];
  while (vectors.length < count) {
    const vector = Float64Array.from({ length }, () => random.normal());
    // Twice: what rounding leaves of the others the first time would grow with their number.
    for (let pass = 0; pass < 2; pass++) for (const other of vectors) takeOff(vector, other);
    const norm = Math.sqrt(dot(vector, vector));
    if (norm > 1e-6) vectors.push(vector.map((value) => value / norm));
  }
  const wide = outputs >= inputs;
  return Float32Array.from({ length: inputs * outputs }, (_, i) => {
    const [row, column] = [Math.floor(i / outputs), i % outputs];
    return gain * (wide ? vectors[row][column] : vectors[column][row]);
  });
}

function takeOff(vector: Float64Array, other: Float64Array): void {
  const along = dot(vector, other);
  for (let i = 0; i < vector.length; i++) vector[i] -= along * other[i];
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
