export interface Build {
  ok: boolean;
  /** What `tsc --build --verbose` printed. */
  output: string;
  /** What the set-up's steps printed. */
  steps: string;
  seconds: string;
}

/** One line on a rebuild: what was rebuilt, or the first thing that is wrong and how many more there are. */
export function describeBuild({ ok, output, steps, seconds }: Build): string {
  if (!ok) {
    const errors = output.match(/^\S.*error TS.*$/gm) ?? output.trim().split("\n").slice(-1);
    const [, place, text] = /^(.*\(\d+,\d+\)): (.*)$/.exec(errors[0]) ?? [undefined, "", errors[0]];
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
    return `✗ ${place.replace(/\((\d+),(\d+)\)$/, ":$1:$2")} ${text}${more}`.replace(/ +/g, " ");
  }
  const projects = [...output.matchAll(/Building project '.*?([\w-]+)\/tsconfig\.json'/g)].map(([, name]) => name);
  const titles = [...steps.matchAll(/^ {2}(.+?) … /gm)].map(([, title]) => title);
  const rebuilt = [...new Set([...projects, ...titles])];
  return rebuilt.length ? `rebuilt ${rebuilt.join(", ")} in ${seconds} s` : `nothing to rebuild (${seconds} s)`;
}
