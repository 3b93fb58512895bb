"""Stable-Baselines3's PPO on a task of learning.json: prints the mean return of 100 episodes and the steps a second.

Usage: sb3_peer.py TASK SEED, with the task as JSON.
"""

import json
import sys
import time

from stable_baselines3 import PPO
from stable_baselines3.common.env_util import make_vec_env
from stable_baselines3.common.evaluation import evaluate_policy

task, seed = json.loads(sys.argv[1]), int(sys.argv[2])
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
options = {
    names[name]: (lambda left, value=value: left * value) if name in task.get("anneal", []) else value
    for name, value in task["options"].items()
    if name in names
}
envs = make_vec_env(task["env"], n_envs=task["options"].get("envs", 1), seed=seed)
model = PPO("MlpPolicy", envs, seed=seed, device="cpu", **options)
started = time.perf_counter()
model.learn(task["steps"])
rate = model.num_timesteps / (time.perf_counter() - started)
result = {"rate": rate}
if task.get("evaluate", True):
    mean, _ = evaluate_policy(model, make_vec_env(task["env"], n_envs=10, seed=10_000), n_eval_episodes=100)
    result["mean"] = float(mean)
print(json.dumps(result))
