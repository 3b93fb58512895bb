import type { Agent } from "../../../lib/src/rl/agent";
import { identity } from "../../../lib/src/rl/envs/identity";
import { evaluateAgent } from "../../../lib/src/rl/evaluate-agent";
import { vectorEnv } from "../../../lib/src/rl/vector-env";

/** Mean reward of ten episodes of doing what one sees, of 100 each. */
export function identityScore({ policy }: Agent): number {
  const envs = vectorEnv(() => identity());
  return evaluateAgent(policy, envs, { episodes: 10 }).mean;
}
