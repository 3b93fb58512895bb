import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { exclusively } from "../../../kernel-setup/src/setup/lock";
import { Progress } from "../../../kernel-setup/src/setup/progress";
import { ended, temporaryFolder } from "../sandbox";

let lock: string;
let said: string;
const progress = new Progress({ write: (text) => (said += text) });
beforeEach(() => {
  lock = join(temporaryFolder(), "setup.lock");
  said = "";
});

describe("exclusively", () => {
  it("lets two set-ups work one after the other and says why the second waits", async () => {
    const order: string[] = [];
    let finish = () => {};
    const first = exclusively(lock, progress, async () => {
      order.push("first begins");
      await new Promise<void>((resolve) => (finish = resolve));
      order.push("first ends");
    });
    const second = exclusively(lock, progress, () => Promise.resolve(order.push("second")));
    expect(said).toContain(`another set-up is running (process ${process.pid})`);
    finish();
    await Promise.all([first, second]);
    expect(order).toEqual(["first begins", "first ends", "second"]);
    expect(existsSync(lock)).toBe(false);
  });

  it("takes over from a set-up that was killed", async () => {
    const { stdout } = await ended(process.execPath, ["-p", "process.pid"]);
    writeFileSync(lock, stdout);
    expect(await exclusively(lock, progress, () => Promise.resolve("done"))).toBe("done");
  });

  it("gives the lock back when the work fails", async () => {
    await expect(exclusively(lock, progress, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(existsSync(lock)).toBe(false);
  });
});
