/**
 * A small font of pixels, for captions in pictures of pixels. An SVG could hold real text, but then its digits would be
 * pictures inside of a picture, which GitHub and other viewers take out.
 */

/**
 * A letter is its rows from the top, each five pixels as a digit in base 32 (the leftmost pixel counts 16): `A` is
 * `ehhhvhh`, because `e` is 01110, `h` is 10001 and `v` is 11111. Rows 8 and 9 are below the line.
 */
const glyphs = new Map(
  `! 4444404   " aa00000   # aavavaa   $ 4fke5u4   % op248j3   & cik8lid   ' 4400000   ( 2488842   ) 8422248
   * 04lel40   + 044v440   , 00000c48  - 000e000   . 00000cc   / 122488g   0 ehjlphe   1 4c4444e   2 eh1248v
   3 v2421he   4 26aiv22   5 vgu11he   6 68guhhe   7 v124888   8 ehhehhe   9 ehhf12c   : 0cc0cc0   ; 0cc0c48
   < 248g842   = 00v0v00   > 8421248   ? eh12404   @ eh1dlle   A ehhhvhh   B uhhuhhu   C ehggghe   D sihhhis
   E vgguggv   F vgguggg   G ehgnhhf   H hhhvhhh   I e44444e   J 72222ic   K hikokih   L ggggggv   M hrllhhh
   N hhpljhh   O ehhhhhe   P uhhuggg   Q ehhhlid   R uhhukih   S fgge11u   T v444444   U hhhhhhe   V hhhhha4
   W hhhllla   X hha4ahh   Y hhha444   Z v1248gv   [ e88888e   \\ g884221  ] e22222e   ^ 4ah0000   _ 000000v
   \` 8420000  a 00e1fhf   b ggmphhu   c 00egghe   d 11djhhf   e 00ehvge   f 698s888   g 00fhhhf1e h ggmphhh
   i 40c444e   j 2062222ic k ggikoki   l c44444e   m 00qllhh   n 00mphhh   o 00ehhhe   p 00uhhhugg q 00fhhhf11
   r 00mpggg   s 00ege1u   t 88s8896   u 00hhhjd   v 00hhha4   w 00hhlla   x 00ha4ah   y 00hhhhf1e z 00v248v
   { 2448442   | 4444444   } 8442448   ~ 008l200   → 042v240   ← 048v840   ≠ 02v4v80   ✓ 0012k80   ✗ 0ha4ah0
   · 0004000   … 000000l   × 0ha4ah0   ± 44v440v   ° 4a40000   − 000v000`
    .trim()
    .split(/\s+/)
    .reduce<[string, string][]>((pairs, word, i, words) => (i % 2 ? [...pairs, [words[i - 1], word]] : pairs), [])
    .map(([letter, rows]) => [letter, [...rows].map((row) => parseInt(row, 32))] as const),
);

/** For letters that the font lacks. */
const box = [31, 17, 17, 17, 17, 17, 31];

/** Pixels from the top of a capital letter to the lowest point of a `g`. */
export const FONT_HEIGHT = 9;

/** Where a text has its pixels: `[column, row]`, from the text's left upper corner. */
export interface PixelText {
  width: number;
  pixels: [column: number, row: number][];
}

/** The font's own letters stay whole: `≠` would otherwise fall apart into `=` and a stroke. */
const withoutAccent = (letter: string): string =>
  glyphs.has(letter) ? letter : letter.normalize("NFD").replace(/\p{M}/gu, "");

/** Sets a line of text. Accents are left out (`é` is drawn as `e`); what the font lacks becomes a box. */
export function setText(text: string): PixelText {
  const pixels: [number, number][] = [];
  let x = 0;
  for (const letter of [...text].map(withoutAccent).join("")) {
    if (letter === " ") {
      x += 3;
      continue;
    }
    const rows = glyphs.get(letter) ?? box;
    const ink = rows.reduce((all, row) => all | row, 0);
    const left = Math.clz32(ink) - 27;
    const right = 4 - (31 - Math.clz32(ink & -ink));
    rows.forEach((row, y) => {
      for (let column = left; column <= right; column++) if (row & (16 >> column)) pixels.push([x + column - left, y]);
    });
    x += right - left + 2;
  }
  return { width: Math.max(0, x - 1), pixels };
}
