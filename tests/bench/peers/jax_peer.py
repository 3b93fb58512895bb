"""JAX with `jit`, Optax for the updates; `jax-scan` runs 100 steps in one call. Only the workloads made of dense layers:
on a CPU its convolutions are far behind the others', which the bench need not show again."""

import sys

import jax
import jax.numpy as jnp
import optax

from peer import serve, words, workload

SCAN = 100


def build(layers, size, key):
    """The parameters of dense layers, and the function that applies them."""
    parameters, activations = [], []
    for text in layers:
        kind, (units,), extra = words(text)
        assert kind == "dense", text
        key, own = jax.random.split(key)
        parameters.append((jax.random.normal(own, (size, units)) * (2 / size) ** 0.5, jnp.zeros(units)))
        activations.append(jax.nn.relu if "relu" in extra else jnp.tanh if "tanh" in extra else lambda x: x)
        size = units

    def apply(parameters, x):
        for (weights, biases), activation in zip(parameters, activations):
            x = activation(x @ weights + biases)
        return x

    return parameters, apply


def classify(w, key):
    parameters, apply = build(w["layers"], w["input"][0], key)
    y = jnp.arange(w["batch"]) % 10
    cost = lambda p, x: optax.softmax_cross_entropy_with_integer_labels(apply(p, x), y).mean()
    return parameters, cost


def ppo(w, key):
    (policy, act), (value, judge) = (build([*w["layers"], last], w["input"][0], key) for last in ("dense 4", "dense 1"))
    batch = w["batch"]
    taken, before = jax.nn.one_hot(jnp.arange(batch) % 4, 4), jnp.log(jnp.full(batch, 0.25))
    advantage, returns = jax.random.normal(key, (2, batch))

    def cost(parameters, x):
        logs = jax.nn.log_softmax(act(parameters[0], x))
        ratio = jnp.exp((logs * taken).sum(1) - before)
        surrogate = jnp.minimum(ratio * advantage, ratio.clip(0.8, 1.2) * advantage).mean()
        entropy = -(jnp.exp(logs) * logs).sum(1).mean()
        return 0.5 * jnp.square(judge(parameters[1], x).reshape(batch) - returns).mean() - surrogate - 0.01 * entropy

    return (policy, value), cost


def main():
    w, key = workload(), jax.random.key(1)
    parameters, cost = {"classify": classify, "ppo": ppo}[w["task"]](w, key)
    x = jax.random.normal(key, (w["batch"], *w["input"]))
    rule = optax.adam(0.001)

    def step(state, x):
        parameters, slots = state
        loss, gradients = jax.value_and_grad(cost)(parameters, x)
        updates, slots = rule.update(gradients, slots)
        return (optax.apply_updates(parameters, updates), slots), loss

    scan = sys.argv[1] == "jax-scan"
    many = jax.jit(lambda state, xs: jax.lax.scan(step, state, xs), donate_argnums=0)
    one = jax.jit(step, donate_argnums=0)
    stacked = jnp.stack([x] * SCAN)
    state = parameters, rule.init(parameters)

    def run(steps):
        nonlocal state
        calls = -(-steps // SCAN) if scan else steps
        for _ in range(calls):
            state, loss = many(state, stacked) if scan else one(state, x)
        loss.block_until_ready()
        return calls * SCAN if scan else steps

    serve(run)


if __name__ == "__main__":
    main()
