"""A recipe trained on an accelerator that JAX reaches and TensorFlow does not: the very train steps, as XLA programs.

    python -m benchmarks.recipe_in_jax prepare RECIPE FOLDER --data-dir DIR [--set key=value]   (needs TensorFlow)
    python recipe_in_jax.py train FOLDER --seconds N                                            (needs JAX alone)
    mmgen train RECIPE --out FOLDER --resume --data-dir DIR [--set key=value]                   (needs TensorFlow)

`prepare` has TensorFlow lower the recipe's `train_step` to HLO, once for each of its phases, and writes it with the
data, the order of their rows in every epoch, the learning rates of every step and the state of a training of no steps.
`train` is a loop over these programs: of the model it knows nothing. It leaves a `state.npz` such as `mmgen train`
writes, from which that command goes on, or finishes. Both train alike but for rounding and what they draw at random,
since TensorFlow draws otherwise within XLA. It stops in time, and the same command goes on.
"""

import argparse
import contextlib
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

    kept = len(state_variables(model))  # what follows belongs to no state: the running means of an epoch's losses
    means = [variable for mean in model.loss_means for variable in mean.variables]
    state = [variable.value for variable in (*state_variables(model), *means)]  # TensorFlow's own
    programs, parameters, held = [], [], {}
    phases = [phase_of(callbacks, epoch) for epoch in range(settings["epochs"])]
    with backbones_as_variables():
        for phase in phases:
            if phase in programs:
                continue
            for key, value in phase.items():
                setattr(model, key, value)
            program, takes = lowered(model, examples, state, held)
            (folder / f"step_{len(programs)}.hlo").write_bytes(program)
            programs.append(phase)
            parameters.append(takes)
            print(f"{phase}: {len(program) / 2**20:.1f} MiB, {len(takes)} parameters", flush=True)
    number, rates = {id(variable): each for each, variable in enumerate(state)}, {}
    factors = [each.factor for each in callbacks if hasattr(each, "factor")]
    for key, optimizer in model.optimizers.items():
        rate = [model.initial_learning_rates[key] * math.prod(f(step) for f in factors) for step in range(total)]
        rates[f"rate/{number[id(optimizer._learning_rate.value)]}"] = np.array(rate, "float32")
    order = {"order": np.stack([examples.rows(np.int64(step)) for step in range(total)]).astype("int32")}
    frozen = {f"held/{each}": captured.numpy() for each, captured in held.values()}
    np.savez_compressed(folder / DATA, **rates, **order, **frozen)
    plan = {
        "programs": [programs.index(phase) for phase in phases],
        "steps": examples.steps_per_epoch,
        "parameters": parameters,
        "kept": kept,
        "means": [variable.dtype.name for variable in state[kept:]],
        "losses": [mean.name for mean in model.loss_means],
    }
    (folder / PLAN).write_text(json.dumps(plan))


def phase_of(callbacks, epoch):
    """What the phases of a training set of the model in an epoch."""
    return {key: value for each in callbacks if hasattr(each, "phase") for key, value in each.phase(epoch).items()}


@contextlib.contextmanager
def backbones_as_variables():
    """Within it the weights of shipped backbones are handed to programs, which would else each hold copies of them."""
    import tensorflow as tf

    from mmgen_tf.modalities.hub_parts import shipped_backbone
    from mmgen_tf.shipped_files import BACKBONES, zoo_root

    backbones = [shipped_backbone(folder.name) for folder in sorted((zoo_root() / BACKBONES).iterdir())]
    own = [backbone.values for backbone in backbones]
    for backbone in backbones:
        backbone.values = [(variable, tf.Variable(value, trainable=False)) for variable, value in backbone.values]
    try:
        yield
    finally:
        for backbone, values in zip(backbones, own, strict=True):
            backbone.values = values


def lowered(model, examples, state, held):
    """A train step as HLO: the rows of a batch, the state and what is held go in, the new state comes out first.

    Args:
        examples: `Examples`; their columns are held.
        state: list of variables, which the program consumes.
        held: dict of what is neither rows nor state, id -> (number, tensor or variable); grows.

    Returns:
        The program's bytes, and what each of its parameters is: `rows`, `state/<number>` or `held/<number>`.
    """
    import tensorflow as tf

    @tf.function(jit_compile=True, autograph=False)
    def step(rows):
        model.train_step(examples.batch(rows))
        return [tf.convert_to_tensor(variable) for variable in state]

    rows = tf.zeros((examples.batch_size,), tf.int32)
    program = step.experimental_get_compiler_ir(rows)(stage="hlo_serialized")
    traced, takes = step.get_concrete_function(rows), ["rows"]
    number = {id(variable.handle): each for each, variable in enumerate(state)}
    variables = {id(variable.handle): variable for variable in traced.graph.variables}
    for captured in traced.captured_inputs:
        if id(captured) in number:
            takes.append(f"state/{number[id(captured)]}")
        else:
            value = variables.get(id(captured), captured)
            takes.append(f"held/{held.setdefault(id(captured), (len(held), value))[0]}")
    return program, takes


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
        things = {key: data[key] for key in data.files if key.startswith("held/")}
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
    took = 0.0
    for epoch in range(first, len(plan["programs"])):
        started = time.time()
        if started - began + 1.5 * took > seconds:
            break
        number = plan["programs"][epoch]
        takes, program = plan["parameters"][number], programs[number]
        means = [jax.device_put(np.zeros((), kind), device) for kind in plan["means"]]
        while position < (epoch + 1) * steps:
            for each, rate in rates.items():
                state[each] = jax.device_put(rate[position], device)
            things["rows"] = jax.device_put(order[position], device)
            values = [*state, *means]
            given = [values[int(key[6:])] if key.startswith("state/") else things[key] for key in takes]
            made = program.execute_sharded(given).disassemble_into_single_device_arrays()
            made = [each[0] for each in made]
            state, means = made[:kept], made[kept : kept + len(means)]
            position += 1
        totals = np.array([float(each) for each in means]).reshape(-1, 2)
        logs = ", ".join(f"{name} {a / b:.3f}" for name, (a, b) in zip(plan["losses"], totals, strict=True))
        took = time.time() - started
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
        from mmgen_tf.training.recipe import parse_setting

        prepare(*chosen.names, chosen.data_dir, dict(parse_setting(text) for text in chosen.set))
