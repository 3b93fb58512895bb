"""Stable-Baselines3's PPO by a recipe of nablab: prints the mean return of some episodes and the steps a second.

Usage: sb3_peer.py RECIPE SEED EPISODES, with the recipe as JSON; 0 episodes leave the mean out.
"""

import json
import sys
import time

import torch
from stable_baselines3 import PPO
from stable_baselines3.common.env_util import make_vec_env
from stable_baselines3.common.evaluation import evaluate_policy
from stable_baselines3.common.vec_env import VecNormalize

torch.set_num_threads(1)  # more make networks this small slower
recipe, seed, episodes = json.loads(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
given = recipe["options"]
names = {
    "rollout": "n_steps",
    "batchSize": "batch_size",
    "epochs": "n_epochs",
    "gamma": "gamma",
    "lambda": "gae_lambda",
    "learningRate": "learning_rate",
    "clip": "clip_range",
    "entropy": "ent_coef",
}
unknown = set(given) - set(names) - {"envs", "logStd", "xla"}
if unknown:
    raise SystemExit(f"sb3_peer.py does not know {unknown}")
options = {
    names[name]: (lambda left, value=value: left * value) if name in recipe.get("anneal", []) else value
    for name, value in given.items()
    if name in names
}
envs = make_vec_env(recipe["env"], n_envs=given.get("envs", 1), seed=seed)
if recipe.get("normalize"):
    envs = VecNormalize(envs, gamma=given["gamma"])
policy = {"log_std_init": given["logStd"]} if "logStd" in given else {}
model = PPO("MlpPolicy", envs, seed=seed, device="cpu", policy_kwargs=policy, **options)
started, cpu = time.perf_counter(), time.process_time()
model.learn(recipe["steps"])
result = {
    "rate": model.num_timesteps / (time.perf_counter() - started),
    "cpuRate": model.num_timesteps / (time.process_time() - cpu),
}
if episodes > 0:
    judges = make_vec_env(recipe["env"], n_envs=10, seed=10_000)
    if recipe.get("normalize"):
        judges = VecNormalize(judges, training=False, norm_reward=False)
        judges.obs_rms = envs.obs_rms
    mean, _ = evaluate_policy(model, judges, n_eval_episodes=episodes)
    result["mean"] = float(mean)
print(json.dumps(result))
