/** HTML that is at home in JupyterLab, light and dark, and still reads well where a viewer strips its styles. */

/** Text that may hold anything, safe within HTML. */
export const escape = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]!);

/** Text that may hold anything, safe within a cell of a Markdown table. */
export const escapeMarkdown = (text: string): string => text.replace(/[\\`*_|<>[\]]/g, "\\$&").replace(/\s+/g, " ");

const colors = {
  good: "var(--jp-success-color1, #16a07a)",
  bad: "var(--jp-error-color1, #d43c2e)",
  open: "var(--jp-warn-color1, #c98d00)",
  quiet: "var(--jp-border-color1, #8a8a8a)",
};

export type Tone = keyof typeof colors;

/** A box with a coloured edge. */
export const box = (tone: Tone, content: string): string =>
  `<div style="border-left: 4px solid ${colors[tone]}; padding: 4px 12px; margin: 4px 0; ` +
  `color: var(--jp-ui-font-color1); max-width: 860px">${content}</div>`;

/** Text in the colour of its meaning; the words must carry the meaning as well. */
export const toned = (tone: Tone, content: string): string =>
  `<strong style="color: ${colors[tone]}">${content}</strong>`;

/** A table of HTML cells; columns of numbers stand to the right. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  numeric: readonly number[] = [],
): string {
  const side = (i: number) => ` style="text-align: ${numeric.includes(i) ? "right" : "left"}"`;
  const line = (tag: string, cells: readonly string[]) =>
    `<tr>${cells.map((cell, i) => `<${tag}${side(i)}>${cell}</${tag}>`).join("")}</tr>`;
  return `<table><thead>${line("th", head)}</thead><tbody>${rows.map((row) => line("td", row)).join("")}</tbody></table>`;
}

/** The same as Markdown, for viewers that take no HTML. Cells are escaped already. */
export const markdownTable = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

/** The same as text with aligned columns. */
export function textTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i].length)));
  return [head, ...rows]
    .map((cells) =>
      cells
        .map((cell, i) => cell.padEnd(widths[i]))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
