import { randomInt } from "node:crypto";

/** One line of the history: session, number of the cell, its code. */
type Entry = [session: number, line: number, source: string];

/** The cells of this session, as `history_request` asks for them. */
export class History {
  private readonly session = randomInt(1, 2 ** 31 - 1);
  private readonly entries: Entry[] = [];

  add(line: number, source: string): void {
    this.entries.push([this.session, line, source]);
  }

  /**
   * Answers a request for the last cells (`tail`), for cells by number (`range`: from `start` up to, not including,
   * `stop`) or for cells that fit a pattern with `*` and `?` (`search`).
   */
  answer(request: Record<string, unknown>): Record<string, unknown> {
    const found = this.find(request);
    const history = request.output === true ? found.map(([s, line, code]) => [s, line, [code, null]]) : found;
    return { status: "ok", history };
  }

  private find(request: Record<string, unknown>): Entry[] {
    const { hist_access_type: type, session = 0, start = 0, stop, n, pattern = "*", unique } = request;
    if (type === "range") {
      // 0 is this session, negative numbers are earlier ones, which are not kept.
      if (session !== 0 && session !== this.session) return [];
      const end = typeof stop === "number" ? stop : Infinity;
      return this.entries.filter(([, line]) => line >= Number(start) && line < end);
    }
    let found = this.entries;
    if (type === "search") {
      const glob = new RegExp(`^${globToRegExp(String(pattern))}$`, "s");
      found = found.filter(([, , source]) => glob.test(source));
      if (unique === true) found = [...new Map(found.map((entry) => [entry[2], entry])).values()];
    }
    return typeof n === "number" ? found.slice(Math.max(0, found.length - n)) : found;
  }
}

function globToRegExp(pattern: string): string {
  return pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
}
