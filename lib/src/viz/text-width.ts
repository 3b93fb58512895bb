/**
 * How wide a text is, without a browser. Vega's own guess outside of one is 0.8 of the font size for every letter, which
 * pushes axis titles far away from their labels and drops labels that would have had room.
 *
 * Widths of Helvetica, as shares of the font size, rounded up to classes; Arial and Liberation Sans are alike.
 */
const classes: [characters: string, width: number][] = [
  ["ijl'|", 0.23],
  [" fI.,:;/\\[]!t", 0.28],
  ['r()-`{}"°', 0.36],
  ["Jckvxyzs*^", 0.5],
  ["FTZLPSEKVXYABL&", 0.67],
  ["CDHNRUw", 0.73],
  ["GOQ", 0.78],
  ["mM", 0.84],
  ["W%@…", 0.95],
];

/** Digits, signs and most small letters. */
const usual = 0.56;

const widths = new Map(classes.flatMap(([characters, width]) => [...characters].map((c) => [c, width] as const)));

/** Width of a text in pixels at a font size; bold letters are about a fourteenth wider, bold digits are not. */
export function textWidth(text: string, fontSize: number, bold = false): number {
  let width = 0;
  for (const character of text) {
    width += (widths.get(character) ?? usual) * (bold && /\p{L}/u.test(character) ? 1.07 : 1);
  }
  return width * fontSize;
}
