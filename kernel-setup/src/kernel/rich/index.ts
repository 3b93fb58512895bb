import { type Bundle, plainText } from "./bundle";

/** The bundle for the value of a cell's last expression. */
export function render(value: unknown): Bundle {
  return { data: { "text/plain": plainText(value) }, metadata: {} };
}
