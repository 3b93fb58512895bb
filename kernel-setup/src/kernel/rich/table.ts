import { plainText } from "./bundle";
import { numberFormat } from "./numbers";
import { escapeHtml, STYLE, type View } from "./view";

/** Rows shown of a long table, half from either end. */
const ROWS = 20;
const COLUMNS = 20;

type Row = Record<string, unknown>;

function isRow(value: unknown): value is Row {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value) as unknown;
  return (prototype === Object.prototype || prototype === null) && Object.keys(value).length > 0;
}

/** An array of plain objects: a table with a column for each key, numbers aligned and written alike. */
export const table: View = (value) => {
  if (!Array.isArray(value) || value.length === 0 || !value.every(isRow)) return null;
  const rows: Row[] = value;
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))].slice(0, COLUMNS);
  const elided = rows.length > ROWS;
  const picked = elided ? [...rows.slice(0, ROWS / 2), ...rows.slice(-ROWS / 2)] : rows;
  const columns = keys.map((key) => {
    const numbers = picked.map((row) => row[key]).filter((cell) => typeof cell === "number");
    const write = numberFormat(numbers);
    const cells = picked.map((row) => {
      const cell = row[key];
      if (cell === undefined || cell === null) return "";
      return typeof cell === "number" ? write(cell) : plainText(cell);
    });
    return { key, cells, numeric: numbers.length > 0 };
  });

  const indexOf = (i: number) => (elided && i >= ROWS / 2 ? rows.length - ROWS + i : i);
  const th = (text: string, numeric = true) =>
    `<th style="${STYLE.head};text-align:${numeric ? "right" : "left"}">${escapeHtml(text)}</th>`;
  const body = picked.map((_, i) => {
    const cells = columns.map(({ cells: texts, numeric }) => {
      return `<td style="${numeric ? STYLE.number : STYLE.text}">${escapeHtml(texts[i])}</td>`;
    });
    return `<tr>${th(String(indexOf(i)))}${cells.join("")}</tr>`;
  });
  if (elided)
    body.splice(ROWS / 2, 0, `<tr>${th("…")}${columns.map(() => `<td style="${STYLE.number}">…</td>`).join("")}</tr>`);
  const note = elided ? `${rows.length} rows, ${ROWS} of them shown` : "";
  const html =
    `<table style="border-collapse:collapse"><thead><tr>${th("")}${columns.map(({ key, numeric }) => th(key, numeric)).join("")}` +
    `</tr></thead><tbody>${body.join("")}</tbody></table>` +
    (note === "" ? "" : `<div style="${STYLE.muted}">${note}</div>`);
  return {
    data: {
      "text/plain": plainTable(
        columns,
        picked.map((_, i) => String(indexOf(i))),
        note,
      ),
      "text/html": html,
    },
    metadata: {},
  };
};

function plainTable(
  columns: { key: string; cells: string[]; numeric: boolean }[],
  indices: string[],
  note: string,
): string {
  const padded = [{ key: "", cells: indices, numeric: true }, ...columns].map(({ key, cells, numeric }) => {
    const width = Math.max(key.length, ...cells.map((cell) => cell.length));
    return [key, ...cells].map((cell) => (numeric ? cell.padStart(width) : cell.padEnd(width)));
  });
  const lines = padded[0].map((_, line) =>
    padded
      .map((column) => column[line])
      .join("  ")
      .trimEnd(),
  );
  if (note !== "") lines.splice(1 + ROWS / 2, 0, "…");
  return [...lines, ...(note === "" ? [] : [note])].join("\n");
}
