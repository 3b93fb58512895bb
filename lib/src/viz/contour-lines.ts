/** A point of the plane. */
export type Point = readonly [x: number, y: number];

/** Heights over a grid: `heights[row][column]` belongs to `(xs[column], ys[row])`. */
export interface HeightGrid {
  xs: readonly number[];
  ys: readonly number[];
  heights: readonly (readonly number[])[];
}

/**
 * The lines along which a surface has one height, by marching squares: in each square of the grid the line enters and leaves
 * where the height is reached on an edge, by linear interpolation; pieces that meet are joined.
 *
 * Lorensen and Cline: Marching cubes. SIGGRAPH 1987, in two dimensions. Of the two ways through a saddle, that is taken
 * which leaves the mean of the four corners on its own side. Squares with a corner that is NaN or infinite have no line.
 *
 * @returns polylines; one that is closed ends where it began
 */
export function contourLines({ xs, ys, heights }: HeightGrid, level: number): Point[][] {
  const pieces: [Point, Point][] = [];
  for (let row = 0; row + 1 < ys.length; row++) {
    for (let column = 0; column + 1 < xs.length; column++) {
      // Corners counter-clockwise from the lower left.
      const corners = [
        [0, 0],
        [1, 0],
        [1, 1],
        [0, 1],
      ].map(([dx, dy]) => ({
        x: xs[column + dx],
        y: ys[row + dy],
        height: heights[row + dy][column + dx],
      }));
      pieces.push(...throughSquare(corners, level));
    }
  }
  return join(pieces);
}

interface Corner {
  x: number;
  y: number;
  height: number;
}

function throughSquare(corners: Corner[], level: number): [Point, Point][] {
  if (!corners.every(({ height }) => Number.isFinite(height))) return [];
  const above = corners.map(({ height }) => height >= level);
  const crossed = [0, 1, 2, 3].filter((edge) => above[edge] !== above[(edge + 1) % 4]);
  const at = (edge: number) => crossing(corners[edge], corners[(edge + 1) % 4], level);
  if (crossed.length === 2) {
    const piece: [Point, Point] = [at(crossed[0]), at(crossed[1])];
    // A corner that is exactly as high as the level is both ends at once.
    return key(piece[0]) === key(piece[1]) ? [] : [piece];
  }
  if (crossed.length === 0) return [];
  // A saddle: two opposite corners are above, and the line cuts off either these or the other two.
  const centre = corners.reduce((sum, { height }) => sum + height, 0) / 4 >= level;
  return centre === above[0]
    ? [
        [at(0), at(1)],
        [at(2), at(3)],
      ]
    : [
        [at(3), at(0)],
        [at(1), at(2)],
      ];
}

/** The same point to the last digit for all squares that share it: from the lower corner up, and the corner where it is one. */
function crossing(a: Corner, b: Corner, level: number): Point {
  const [low, high] = a.height < b.height ? [a, b] : [b, a];
  if (high.height === level) return [high.x, high.y];
  const share = (level - low.height) / (high.height - low.height);
  return [low.x + share * (high.x - low.x), low.y + share * (high.y - low.y)];
}

const key = ([x, y]: Point) => `${x},${y}`;

/** Puts pieces end to end. */
function join(pieces: [Point, Point][]): Point[][] {
  const ends = new Map<string, number[]>();
  const left = new Set(pieces.keys());
  pieces.forEach((piece, i) => piece.forEach((end) => ends.set(key(end), [...(ends.get(key(end)) ?? []), i])));
  const follow = (line: Point[]) => {
    for (;;) {
      const end = line.at(-1)!;
      const next = ends.get(key(end))!.find((i) => left.has(i));
      if (next === undefined) return;
      left.delete(next);
      const [a, b] = pieces[next];
      line.push(key(a) === key(end) ? b : a);
    }
  };
  const lines: Point[][] = [];
  pieces.forEach((piece, i) => {
    if (!left.delete(i)) return;
    const line: Point[] = [...piece];
    follow(line);
    line.reverse();
    follow(line);
    lines.push(line);
  });
  return lines;
}
