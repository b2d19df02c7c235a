"""A recipe trained on an accelerator that JAX reaches and TensorFlow does not: the very train steps, as XLA programs.

    python -m benchmarks.recipe_in_jax prepare RECIPE FOLDER --data-dir DIR [--set key=value]   (needs TensorFlow)
    python recipe_in_jax.py train FOLDER --seconds N                                            (needs JAX alone)
    cp FOLDER/state.npz RUN/; mmgen train RECIPE --out RUN --resume --data-dir DIR              (needs TensorFlow)

`prepare` has TensorFlow lower the recipe's `train_step` to HLO, once for each of its phases, and writes it with the
data, the order of their rows in every epoch, the learning rates of every step and the state of a training of no steps.
`train` is a loop over these programs: of the model it knows nothing. It leaves a `state.npz` such as `mmgen train`
writes, from which that command goes on, or finishes. Both train alike but for rounding. It stops in time: FOLDER's
training need not be finished, and is gone on with by the same command.
"""

import argparse
import json
import math
import pathlib
import time

import numpy as np

STATE, DATA, PLAN = "state.npz", "data.npz", "plan.json"


# Before: in TensorFlow ------------------------------------------------------------------------------------------------


def prepare(name, folder, data_dir, changes):
    """Writes what `train` needs."""
    import keras

    from mmgen_tf import training
    from mmgen_tf.training.train import training_columns
    from mmgen_tf.training.training_state import save_state, state_variables

    folder = pathlib.Path(folder)
    hold_backbones_as_variables()
    recipe = training.load_recipe(name).with_settings(changes)
    settings = recipe.settings
    keras.utils.set_random_seed(settings["seed"])
    columns = training_columns(recipe, data_dir)
    model = recipe.build_model(columns, settings)
    model.build()
    examples = model.examples(columns, settings["batch_size"], drop_remainder=True)
    total = examples.steps_per_epoch * settings["epochs"]
    callbacks = recipe.compile_model(model, settings, total) or []
    save_state(model, folder / STATE, 0)

    columns = {f"column/{key}": value.numpy() for key, value in examples.columns.items()}
    columns |= {f"present/{key}": np.asarray(value) for key, value in examples.present.items()}
    columns |= {f"place/{key}": value.numpy() for key, value in examples.places.items() if value is not None}
    state = state_variables(model)
    kept = len(state)  # what follows belongs to no state: the running means of an epoch's losses
    state += [variable for mean in model.loss_means for variable in mean.variables]
    programs, parameters, held = [], [], {}
    phases = [phase_of(callbacks, epoch) for epoch in range(settings["epochs"])]
    for phase in phases:
        if phase in programs:
            continue
        for key, value in phase.items():
            setattr(model, key, value)
        program, takes = lowered(model, columns, settings["batch_size"], state, held)
        (folder / f"step_{len(programs)}.hlo").write_bytes(program)
        programs.append(phase)
        parameters.append(takes)
        print(f"{phase}: {len(program) / 2**20:.1f} MiB, {len(takes)} parameters", flush=True)
    number, rates = {id(variable): each for each, variable in enumerate(state)}, {}
    factors = [each.factor for each in callbacks if hasattr(each, "factor")]
    for key, optimizer in model.optimizers.items():
        rate = [model.initial_learning_rates[key] * math.prod(f(step) for f in factors) for step in range(total)]
        rates[f"rate/{number[id(optimizer._learning_rate)]}"] = np.array(rate, "float32")
    order = {"order": orders(examples, settings["epochs"])}
    frozen = {f"held/{each}": tensor for each, tensor in held.values()}
    np.savez_compressed(folder / DATA, **columns, **rates, **order, **frozen)
    plan = {
        "programs": [programs.index(phase) for phase in phases],
        "steps": examples.steps_per_epoch,
        "parameters": parameters,
        "kept": kept,
        "means": [str(np.asarray(variable).dtype) for variable in state[kept:]],
        "losses": [mean.name for mean in model.loss_means],
    }
    (folder / PLAN).write_text(json.dumps(plan))


def phase_of(callbacks, epoch):
    """What the phases of a training set of the model in an epoch."""
    return {key: value for each in callbacks if hasattr(each, "phase") for key, value in each.phase(epoch).items()}


def hold_backbones_as_variables():
    """Has frozen backbones' weights handed to the programs, which would else each hold them as constants."""
    import tensorflow as tf

    from mmgen_tf.modalities.hub_parts import FrozenBackbone

    made = FrozenBackbone.__init__

    def init(self, *args, **kwargs):
        made(self, *args, **kwargs)
        self.values = [(variable, tf.Variable(value, trainable=False)) for variable, value in self.values]

    FrozenBackbone.__init__ = init


def lowered(model, columns, batch_size, state, held):
    """A train step as HLO: data, rows and state in, the new state out first. It consumes the old.

    Args:
        columns: dict of arrays, `column/`, `present/` and `place/` and a modality's name.
        state: list of variables.
        held: dict of what is neither data nor state, id -> (number, array); grows.

    Returns:
        The program's bytes, and what each of its parameters is: `rows`, `state/<number>`, `held/<number>` or a column.
    """
    import tensorflow as tf

    from mmgen_tf.data.pipeline import _to_batch

    @tf.function(jit_compile=True, autograph=False)
    def step(columns, rows):
        batch = {kind: {} for kind in ("column", "present", "place")}
        for key in columns:
            kind, name = key.split("/", 1)
            batch[kind][name] = columns[key]
        where = {
            name: tf.gather(batch["place"][name], rows) if name in batch["place"] else rows for name in batch["column"]
        }
        raw = {name: tf.gather(column, where[name]) for name, column in batch["column"].items()}
        present = {name: tf.gather(mask, rows) for name, mask in batch["present"].items()}
        model.train_step(_to_batch(raw, present, model.processors))
        return [tf.convert_to_tensor(handle_of(variable)) for variable in state]

    given = (
        {key: tf.constant(value) for key, value in columns.items()},
        tf.zeros((batch_size,), tf.int32),
    )
    program = step.experimental_get_compiler_ir(*given)(stage="hlo_serialized")
    takes = [*sorted(columns), "rows"]
    number = {id(handle_of(variable).handle): each for each, variable in enumerate(state)}
    traced = step.get_concrete_function(*given)
    handles = {id(variable.handle): variable for variable in traced.graph.variables}
    for captured in traced.captured_inputs:
        if id(captured) in number:
            takes.append(f"state/{number[id(captured)]}")
            continue
        value = handles[id(captured)].numpy() if captured.dtype == tf.resource else captured.numpy()
        takes.append(f"held/{held.setdefault(id(captured), (len(held), value))[0]}")
    return program, takes


def handle_of(variable):
    """TensorFlow's own variable."""
    return getattr(variable, "value", variable) if not hasattr(variable, "handle") else variable


def orders(examples, epochs):
    """int32 `(epochs, steps, batch_size)`: the rows of each batch, as `Examples` shuffles them."""
    import tensorflow as tf

    size, steps = examples.batch_size, examples.steps_per_epoch
    index = tf.range(steps * size, dtype=tf.int64)
    return np.stack(
        [
            examples._shuffled(index, 0, tf.constant([examples.seed, epoch], tf.uint32))
            .numpy()
            .astype("int32")
            .reshape(steps, size)
            for epoch in range(epochs)
        ]
    )


# In between: in JAX ---------------------------------------------------------------------------------------------------


def train(folder, seconds):
    """Goes on with a training until it ends or the time is up, and writes its state."""
    import concurrent.futures

    import jax
    from jax._src.interpreters import mlir
    from jax._src.lib import xla_client
    from jax._src.lib.mlir import ir
    from jaxlib import _jax

    jax.config.update("jax_enable_x64", True)  # or else it narrows integers of 64 bits
    began, folder = time.time(), pathlib.Path(folder)
    plan, device = json.loads((folder / PLAN).read_text()), jax.devices()[0]
    with np.load(folder / DATA) as data, np.load(folder / STATE) as saved:
        position, kept = int(saved["position"]), plan["kept"]
        state = [saved[f"{number:05d}"] for number in range(kept)]
        rates = {int(key.split("/")[1]): data[key] for key in data.files if key.startswith("rate/")}
        order = data["order"]
        things = {key: data[key] for key in data.files if not key.startswith(("rate/", "order"))}
    things = {key: jax.device_put(value, device) for key, value in things.items()}
    state = [jax.device_put(value, device) for value in state]

    def compiled(number):
        with mlir.make_ir_context():
            program = ir.Module.parse(_jax.mlir.hlo_to_stablehlo((folder / f"step_{number}.hlo").read_bytes()))
            copies = []

            def visit(operation):
                if operation.name == "mhlo.copy":  # is no StableHLO, which alone reaches a GPU
                    copies.append(operation)
                return ir.WalkResult.ADVANCE

            program.operation.walk(visit)
            for copy in copies:
                copy.results[0].replace_all_uses_with(copy.operands[0])
                copy.erase()
            devices, options = xla_client.DeviceList((device,)), xla_client.CompileOptions()
            return device.client.compile_and_load(program, devices, options)

    first, steps = position // plan["steps"], plan["steps"]
    needed = sorted(set(plan["programs"][first:]))
    with concurrent.futures.ThreadPoolExecutor() as pool:
        programs = dict(zip(needed, pool.map(compiled, needed), strict=True))
    print(f"compiled after {time.time() - began:.0f} s", flush=True)
    longest = 0.0
    for epoch in range(first, len(plan["programs"])):
        started = time.time()
        if started - began + 1.5 * longest > seconds:
            break
        number = plan["programs"][epoch]
        takes, program = plan["parameters"][number], programs[number]
        means = [jax.device_put(np.zeros((), kind), device) for kind in plan["means"]]
        for place in range(position % steps, steps):
            for each, rate in rates.items():
                state[each] = jax.device_put(rate[position], device)
            things["rows"] = jax.device_put(order[epoch, place], device)
            values = [*state, *means]
            given = [values[int(key[6:])] if key.startswith("state/") else things[key] for key in takes]
            made = program.execute_sharded(given).disassemble_into_single_device_arrays()
            made = [each[0] for each in made]
            state, means = made[:kept], made[kept : kept + len(means)]
            position += 1
        totals = np.array([float(each) for each in means]).reshape(-1, 2)
        logs = ", ".join(f"{name} {a / b:.3f}" for name, (a, b) in zip(plan["losses"], totals, strict=True))
        longest = time.time() - started if number == max(needed) else longest
        print(f"epoch {epoch + 1}, {time.time() - began:.1f} s: {logs}", flush=True)
        if not np.isfinite(totals).all():
            raise SystemExit("The training diverged; the state stays as it was.")
    arrays = {f"{number:05d}": np.asarray(value) for number, value in enumerate(state)}
    with open(folder / "state.part", "wb") as file:
        np.savez(file, position=np.int64(position), **arrays)
    (folder / "state.part").replace(folder / STATE)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("prepare", "train"))
    parser.add_argument("names", nargs="+")
    parser.add_argument("--data-dir")
    parser.add_argument("--seconds", type=float, default=math.inf)
    parser.add_argument("--set", action="append", default=[])
    chosen = parser.parse_args()
    if chosen.what == "train":
        train(*chosen.names, chosen.seconds)
    else:
        pairs = (each.split("=", 1) for each in chosen.set)
        prepare(*chosen.names, chosen.data_dir, {key: json.loads(value) for key, value in pairs})
