"""Keras 3 on TensorFlow, a training step as one `tf.function`, as `fit` runs it but without fit's own overhead."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras
import tensorflow as tf
from keras import layers as L

from peer import convolution, serve, words, workload

keras.utils.set_random_seed(1)


def layer(text):
    kind, sizes, extra = words(text)
    activation = "relu" if "relu" in extra else "tanh" if "tanh" in extra else None
    if kind == "dense":
        return L.Dense(sizes[0], activation=activation)
    if kind == "conv":
        return L.Conv2D(sizes[0], *convolution(text), padding="same", activation=activation)
    if kind == "up":
        return L.Conv2DTranspose(sizes[0], 4, strides=2, padding="same")
    return {
        "pool": lambda: L.MaxPooling2D(2),
        "norm": L.BatchNormalization,
        "average": L.GlobalAveragePooling2D,
        "dropout": lambda: L.Dropout(sizes[0]),
        "flatten": L.Flatten,
        "reshape": lambda: L.Reshape(sizes),
        "leaky": lambda: L.LeakyReLU(negative_slope=0.2),
        "relu": lambda: L.Activation("relu"),
        "tanh": lambda: L.Activation("tanh"),
    }[kind]()


def build(texts, shape):
    x = inputs = keras.Input(shape)
    for text in texts:
        kind, sizes, _ = words(text)
        x = residual(x, sizes[0]) if kind == "residual" else layer(text)(x)
    return keras.Model(inputs, x)


def residual(x, size):
    y = x
    for text in [f"conv {size}", "norm", "relu"] * 2:
        y = layer(text)(y)
    return L.Add()([x, y])


def optimizer(name):
    if name == "adam":
        return keras.optimizers.Adam(0.001)
    return keras.optimizers.SGD(0.01, **(dict(momentum=0.9, nesterov=True) if name == "nesterov" else {}))


def images(w):
    return tf.random.normal([w["batch"], *w["input"]])


def update(rule, variables, cost):
    with tf.GradientTape() as tape:
        loss = cost()
    rule.apply_gradients(zip(tape.gradient(loss, variables), variables))
    return loss


def classify(w):
    model, rule, x, y = build(w["layers"], w["input"]), optimizer(w["optimizer"]), images(w), tf.range(w["batch"]) % 10
    rule.build(model.trainable_variables)
    logits = lambda: tf.cast(model(x, training=True), tf.float32)
    cost = lambda: keras.losses.sparse_categorical_crossentropy(y, logits(), from_logits=True)
    return lambda: update(rule, model.trainable_variables, lambda: tf.reduce_mean(cost()))


def ppo(w):
    policy, value = (build([*w["layers"], last], w["input"]) for last in ("dense 4", "dense 1"))
    rule, batch, x = optimizer(w["optimizer"]), w["batch"], images(w)
    taken, before = tf.one_hot(tf.range(batch) % 4, 4), tf.math.log(tf.fill([batch], 0.25))
    advantage, returns = tf.random.normal([batch]), tf.random.normal([batch])
    variables = policy.trainable_variables + value.trainable_variables
    rule.build(variables)

    def cost():
        logs = tf.nn.log_softmax(policy(x))
        ratio = tf.exp(tf.reduce_sum(logs * taken, 1) - before)
        surrogate = tf.reduce_mean(tf.minimum(ratio * advantage, tf.clip_by_value(ratio, 0.8, 1.2) * advantage))
        entropy = -tf.reduce_mean(tf.reduce_sum(tf.exp(logs) * logs, 1))
        error = tf.reduce_mean(tf.square(tf.reshape(value(x), [batch]) - returns))
        return 0.5 * error - surrogate - 0.01 * entropy

    return lambda: update(rule, variables, cost)


def gan(w):
    judge, maker = build(w["layers"], w["input"]), build(w["generator"], [100])
    rules = optimizer(w["optimizer"]), optimizer(w["optimizer"])
    real, make = images(w), lambda: maker(tf.random.normal([w["batch"], 100]), training=True)
    for rule, model in zip(rules, (judge, maker)):
        rule.build(model.trainable_variables)

    def judging():
        made = tf.stop_gradient(make())
        scores = judge(real, training=True), judge(made, training=True)
        return tf.reduce_mean(tf.nn.softplus(-scores[0])) + tf.reduce_mean(tf.nn.softplus(scores[1]))

    making = lambda: tf.reduce_mean(tf.nn.softplus(-judge(make(), training=True)))

    def step():
        return update(rules[0], judge.trainable_variables, judging) + update(rules[1], maker.trainable_variables, making)

    return step


def infer(w):
    model, x = build(w["layers"], w["input"]), images(w)
    x = tf.cast(x, model.compute_dtype)
    return lambda: model(x, training=False)


if __name__ == "__main__":
    chosen = workload()
    if chosen.get("precision") == "bfloat16":
        keras.config.set_dtype_policy("bfloat16" if chosen["task"] == "limit" else "mixed_bfloat16")
    step = tf.function({"classify": classify, "ppo": ppo, "gan": gan, "infer": infer, "limit": infer}[chosen["task"]](chosen))

    def run(steps):
        for _ in range(steps):
            result = step()
        tf.cast(result, tf.float32).numpy()

    serve(run)
