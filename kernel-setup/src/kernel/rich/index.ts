import { type Bundle, plainText } from "./bundle";
import { image } from "./image";
import { own } from "./own";
import { table } from "./table";
import { tensor } from "./tensor";
import { typedArray } from "./typed-array";
import { vega } from "./vega";
import type { View } from "./view";

/** What a value says of itself comes first. */
const VIEWS: View[] = [own, tensor, image, typedArray, vega, table];

/** The bundle for the value of a cell's last expression; a value of no special kind looks as in Node.js. */
export async function render(value: unknown): Promise<Bundle> {
  for (const view of VIEWS) {
    const bundle = await view(value);
    if (bundle === null) continue;
    // Every front end can show text, so there always is some.
    if ("text/plain" in bundle.data) return bundle;
    return { ...bundle, data: { ...bundle.data, "text/plain": `[${Object.keys(bundle.data).join(", ")}]` } };
  }
  return { data: { "text/plain": plainText(value) }, metadata: {} };
}
