/** A report with this section in place of the one of the same heading, which is its first line, or at its end. */
export function withSection(report: string, section: readonly string[]): string {
  const lines = report.trimEnd().split("\n");
  const found = lines.indexOf(section[0]);
  const first = found < 0 ? lines.length : found;
  const next = lines.findIndex((line, i) => i > first && line.startsWith("## "));
  const [before, after] = [lines.slice(0, first), next < 0 ? [] : lines.slice(next)];
  if (found < 0) before.push("");
  return [...before, ...section, ...after].join("\n").trimEnd() + "\n";
}
