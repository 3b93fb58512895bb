import { palette } from "./theme";

/** Red, green and blue of a hexadecimal colour. */
const channels = (hex: string): number[] => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));

const [blue, vermilion] = [channels(palette[0]), channels(palette[1])];

/**
 * The colour of a number whose sign matters, such as a weight: white at 0, blue above, vermilion below.
 *
 * `white + |share| · (end - white)`. A rainbow would draw edges where the numbers have none; two hues that meet in white
 * show sign and size alike (Moreland: Diverging color maps for scientific visualization. 2009).
 *
 * @param share -1 full vermilion, 0 white, 1 full blue; what lies outside is cut off
 * @returns red, green and blue, 0 to 255
 */
export function signedColor(share: number): [red: number, green: number, blue: number] {
  const size = Math.min(1, Math.abs(share));
  const end = share < 0 ? vermilion : blue;
  const [r, g, b] = end.map((value) => Math.round(255 + size * (value - 255)));
  return [r, g, b];
}
