import type { Bundle } from "./bundle";

/** One kind of value that has a view of its own: gives its bundle, or null when the value is of another kind. */
export type View = (value: unknown) => Bundle | null | Promise<Bundle | null>;

/** Text as it may stand inside HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

/** The styles that a view writes are JupyterLab's own, so they follow its light and dark themes. */
export const STYLE = {
  number: "text-align:right;font-variant-numeric:tabular-nums;padding:1px 8px;border:none",
  text: "text-align:left;padding:1px 8px;border:none",
  head: "text-align:right;padding:1px 8px;border:none;font-weight:600",
  muted: "color:var(--jp-ui-font-color2,#616161)",
} as const;
