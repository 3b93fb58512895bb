import { existsSync } from "node:fs";
import { chromium, type BrowserContext } from "playwright-core";

const places = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/opt/google/chrome/chrome",
];

/** Nothing that reaches out of this machine, and nothing that needs a screen or a user namespace. */
const flags = [
  ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

/**
 * The Chromium of this machine: the one that `CHROMIUM_PATH` names, else where distributions put it.
 *
 * @throws Error if there is none.
 */
export function chromiumPath(env: NodeJS.ProcessEnv = process.env): string {
  const candidates = env.CHROMIUM_PATH ? [env.CHROMIUM_PATH] : places;
  const found = candidates.find((path) => existsSync(path));
  if (found) return found;
  throw new Error(
    `The browser tests need Chromium, there is none at ${candidates.join(", ")}; ` +
      "install it (Debian: apt-get install chromium) or set CHROMIUM_PATH to its program",
  );
}

/** A browser with a profile of its own that is gone when it is closed, and a window of the size of the README's picture. */
export async function startChromium(): Promise<{ context: BrowserContext; close(): Promise<void> }> {
  const browser = await chromium.launch({ executablePath: chromiumPath(), headless: true, args: flags });
  const context = await browser.newContext({ viewport: { width: 1440, height: 1000 } });
  // A limit for pages that never come; on a busy machine JupyterLab alone takes half a minute to open.
  context.setDefaultTimeout(120_000);
  return { context, close: () => browser.close() };
}
