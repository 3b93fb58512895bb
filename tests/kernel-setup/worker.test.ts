import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, it, onTestFinished } from "vitest";
import { evaluatorQueue } from "../../lib/src/nas/queue";
import { runSearch } from "../../lib/src/nas/run-search";
import { searchBySteps, Steps } from "../../lib/src/nas/search";
import { RedisServer } from "../lib/nas/redis";
import { root, temporaryFolder, write } from "./sandbox";

it("npm run worker joins a search, evaluates in processes of its own, and leaves at Ctrl+C", async () => {
  const redis = await RedisServer.start();
  onTestFinished(() => redis.close());
  const folder = temporaryFolder();
  write(folder, {
    "evaluator.js": `exports.evaluator = ({ offset }) => ({
      concurrency: 1,
      setup: { offset },
      async evaluate({ genotype }) {
        if (genotype === 2) process.exit(3);
        return { score: genotype + offset };
      },
    });`,
  });
  const words = [
    "evaluator.js",
    "--redis",
    redis.url,
    "--queue",
    "test",
    "--workers",
    "2",
    "--options",
    '{"offset":10}',
  ];
  const worker = spawn(process.execPath, [join(root, "kernel-setup/dist/worker.js"), ...words], {
    env: { ...process.env, INIT_CWD: folder },
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void worker.kill("SIGKILL"));
  const lines: string[] = [];
  createInterface({ input: worker.stdout }).on("line", (line) => lines.push(line));

  const queue = await evaluatorQueue<number>({ redis: redis.url, name: "test" });
  function* steps(): Steps<number> {
    yield [0, 1, 2, 3].map((genotype) => ({ genotype }));
  }
  const search = searchBySteps("list", steps(), (genotype) => `net ${genotype}`, { evaluations: 4 });
  const { history } = await runSearch(search, queue, { progress: false });
  await queue.close();
  expect(history.map(({ score, failure }) => failure ?? score)).toEqual([
    10,
    11,
    "its process ended with exit code 3",
    13,
  ]);

  const ended = once(worker, "close");
  worker.kill("SIGINT");
  expect(await ended).toEqual([0, null]);
  expect(lines).toContain("ready for candidates, 2 at a time: Ctrl+C ends");
  expect(lines).toContain("net 2: its process ended with exit code 3");
  expect(lines).toContain("net 3: 13");
});
