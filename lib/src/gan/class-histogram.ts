import { checkLabels, refuse } from "../check";

/** How often a class occurs among samples. */
export interface ClassShare {
  class: number;
  count: number;
  /** Of all samples, 0 to 1. */
  share: number;
  /** Standard error of the share, `√(share (1 - share) / n)`: what another draw of so many samples would change. */
  error: number;
}

/**
 * How often each class occurs: where one is missing or rare, the generator has lost it.
 *
 * @param labels classes of samples, from a classifier
 * @param classes how many there are @default 10
 * @throws RangeError for no labels, or one that is no class
 */
export function classHistogram(labels: ArrayLike<number>, classes = 10): ClassShare[] {
  if (labels.length === 0) refuse("classHistogram()", "labels", "at least one label", 0);
  checkLabels("classHistogram()", "labels", labels, classes);
  const counts = new Array<number>(classes).fill(0);
  for (let i = 0; i < labels.length; i++) counts[labels[i]]++;
  return counts.map((count, digit) => {
    const share = count / labels.length;
    return { class: digit, count, share, error: Math.sqrt((share * (1 - share)) / labels.length) };
  });
}
