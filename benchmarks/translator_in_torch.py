"""`transformer_translation_multi30k` trained in PyTorch on a GPU: how its hundred epochs took minutes, not half a day.

    python -m benchmarks.translator_in_torch prepare DATA.npz --data-dir DIR     (needs TensorFlow, no GPU)
    python benchmarks/translator_in_torch.py train DATA.npz WEIGHTS.npz          (needs PyTorch, no TensorFlow)
    python -m benchmarks.translator_in_torch finish DATA.npz WEIGHTS.npz PRESET --data-dir DIR

The settings are the recipe's, the arrays its processors', the first weights its model's; `finish` writes a preset only
where both programs give the same loss. What differs from `mmgen train`: rows share a batch by length alone, and photos
are told by 320 principal components of what the backbone sees, so that DATA.npz is small; `finish` puts the projection
on them into the weights. The shipped weights' schedule followed the clock, for 490 seconds of an H200 that a second
training shared, and ended after 100 epochs; here it follows the steps.
"""

import argparse
import json
import math
import time

import numpy as np

NAME, COMPONENTS, CHECKED = "transformer_translation_multi30k", 320, 64
LENGTHS = (12, 16, 20, 24, 32, 62)  # of a batch's sentences: one graph of CUDA each


# Before and after: in TensorFlow --------------------------------------------------------------------------------------


def recipe_model(data_dir):
    """The recipe, its columns and its model, not trained."""
    import keras

    from mmgen_tf import training
    from mmgen_tf.training.train import training_columns

    recipe = training.load_recipe(NAME)
    keras.utils.set_random_seed(recipe.settings["seed"])
    columns = training_columns(recipe, data_dir)
    model = recipe.build_model(columns, recipe.settings)
    model.build()
    return recipe, columns, model


def checked_columns(data_dir, language):
    from mmgen_tf.data import builders

    columns = builders.load("multi30k", f"validation[:{CHECKED}]", data_dir)
    photos = [photo if there else None for photo, there in zip(columns["image"], columns["has_image"], strict=True)]
    told = {"text": columns["text"], "translation": columns[f"text_{language}"]}
    return {name: list(values) for name, values in told.items()} | {"image": photos, "language": [language] * CHECKED}


def seen_in(model, photos):
    """float32 `(photos, regions, width)`: what the backbone sees, of mean 0 and variance 1 a region."""
    processor, count = model.processors["image"], range(0, len(photos), 64)
    return normalised(
        np.concatenate([processor.preprocess(processor.stack(photos[first : first + 64])) for first in count])
    )


def normalised(seen):
    return (seen - seen.mean(-1, keepdims=True)) / np.sqrt(seen.var(-1, keepdims=True) + 1e-3)


def prepare(path, data_dir):
    """Writes what `train` needs."""
    recipe, columns, model = recipe_model(data_dir)
    unique = {id(photo): photo for photo in columns["image"] if photo is not None}
    place = {key: number for number, key in enumerate(unique)}
    photos = seen_in(model, list(unique.values()))
    flat = photos.reshape(-1, photos.shape[-1])
    some = flat[np.random.default_rng(0).choice(len(flat), min(len(flat), 20_000), replace=False)]
    mean = some.mean(0)
    basis = np.linalg.eigh(np.cov((some - mean).T))[1][:, ::-1][:, :COMPONENTS].astype("float32")
    parts = (flat - mean) @ basis
    scale = np.abs(parts).max(0) / 127
    arrays = {"mean": mean, "basis": basis, "scale": scale, "settings": np.array(json.dumps(recipe.settings))}
    arrays["photos"] = np.round(parts / scale).astype("int8").reshape(*photos.shape[:2], -1)
    arrays["photo"] = np.array([-1 if photo is None else place[id(photo)] for photo in columns["image"]], "int32")
    arrays["language"] = np.array([model.modalities["language"].vocabulary.index(each) for each in columns["language"]])
    for name in ("text", "translation"):
        processor = model.processors[name]
        arrays[name] = np.asarray(processor.preprocess(processor.stack(columns[name]))).astype("int16")
        arrays[f"{name}_pad"] = np.array(processor.pad_id)
    arrays["stop"] = np.array(model.processors["translation"].stop_id)
    arrays |= {f"w/{each.path.split('/', 1)[1]}": np.asarray(each) for each in model.trainable_variables}
    np.savez_compressed(path, **arrays)


def finish(path, weights, preset, data_dir):
    """Writes the preset of the trained weights."""
    import tensorflow as tf
    import torch

    recipe, _, model = recipe_model(data_dir)
    data, trained = np.load(path), np.load(weights)
    new = {name: trained[name].astype("float64") for name in trained.files}
    basis, mean = np.linalg.qr(data["basis"].astype("float64"))[0], data["mean"]
    scaled = new["given_regions/norm/gamma"][:, None] * new["early_fusion/project_image/kernel"]
    new["early_fusion/project_image/bias"] += (
        new["given_regions/norm/beta"] @ new["early_fusion/project_image/kernel"]
        + (mean - basis @ (basis.T @ mean)) @ scaled
    )
    new["early_fusion/project_image/kernel"] = basis @ (basis.T @ scaled)
    new["given_regions/norm/gamma"], new["given_regions/norm/beta"] = np.ones(len(mean)), np.zeros(len(mean))
    for each in model.trainable_variables:
        each.assign(new[each.path.split("/", 1)[1]])
    peer = {name: torch.tensor(value, dtype=torch.float32) for name, value in new.items()}
    for number, language in enumerate(model.modalities["language"].vocabulary):
        columns = checked_columns(data_dir, language)
        batch = next(iter(model.examples(columns, CHECKED).batches()))
        ours = float(tf.reduce_sum(model.word_nats(batch)[0])) / CHECKED
        seen, there = normalised(batch["image"].numpy()), batch["present"]["image"].numpy()
        text, words = (torch.tensor(batch[name].numpy()).long() for name in ("text", "translation"))
        pads = [int(data[name]) for name in ("text_pad", "stop")]
        of = torch.full((CHECKED,), number)
        with torch.no_grad():
            theirs = float(loss_of(peer, text, words, torch.tensor(seen), torch.tensor(there), of, *pads))
        print(f"{language}: nats a sentence {ours:.4f} in TensorFlow, {theirs:.4f} in PyTorch")
        if abs(ours - theirs) > 1e-3 * ours:
            raise SystemExit("The two programs differ; no preset was written.")
    model.save_to_preset(preset, recipe.weights_dtype)


# The network, as functions of a dict of weights named as Keras names them ---------------------------------------------


def dense(weights, name, x):
    from torch.nn.functional import linear

    return linear(x, weights[f"{name}/kernel"].t(), weights[f"{name}/bias"])


def norm(weights, name, x, epsilon=1e-3):
    from torch.nn.functional import layer_norm

    return layer_norm(x, x.shape[-1:], weights[f"{name}/gamma"], weights[f"{name}/beta"], epsilon)


def attend(weights, name, x, memory, mask, dropout, causal=False):
    import torch
    from torch.nn.functional import linear, scaled_dot_product_attention

    heads = weights[f"{name}/query/kernel"].shape[1]

    def projected(x, *parts):
        kernel = torch.cat([weights[f"{name}/{part}/kernel"].flatten(1) for part in parts], 1)
        bias = torch.cat([weights[f"{name}/{part}/bias"].flatten() for part in parts])
        parts = linear(x, kernel.t(), bias).chunk(len(parts), -1)
        return [part.unflatten(-1, (heads, -1)).transpose(1, 2) for part in parts]

    if memory is x:
        query, key, value = projected(x, "query", "key", "value")
    else:
        (query,), (key, value) = projected(x, "query"), projected(memory, "key", "value")
    x = scaled_dot_product_attention(query, key, value, attn_mask=mask, dropout_p=dropout, is_causal=causal)
    kernel = weights[f"{name}/attention_output/kernel"].flatten(0, 1)
    return linear(x.transpose(1, 2).flatten(2), kernel.t(), weights[f"{name}/attention_output/bias"])


def blocks(weights, name):
    start = f"{name}/block_"
    return sorted({key[: key.index("/", len(start)) + 1] for key in weights if key.startswith(start)})


def loss_of(weights, text, words, seen, there, language, text_pad, stop, dropout=0.0, smoothing=0.0):
    """Mean over rows of the sum of what each word costs, in nats: `MultimodalTransformer`'s loss."""
    import torch
    from torch.nn import functional

    def drop(x):
        return functional.dropout(x, dropout, dropout > 0)

    fusion, decoder = "early_fusion", "transformer_text_decoder"
    photo = torch.where(
        there[:, None, None], seen * weights["given_regions/norm/gamma"] + weights["given_regions/norm/beta"], 0.0
    )
    filled, always = text != text_pad, torch.ones_like(there)[:, None]
    tokens = weights["token_embedding/embedding/embeddings"][text] * filled[..., None]
    told = weights["label_encoder/hidden_0/kernel"][language] + weights["label_encoder/hidden_0/bias"]
    given = {
        "image": (photo, there[:, None].expand(-1, photo.shape[1])),
        "language": (functional.relu(told)[:, None], always),
        "text": (tokens, filled),
    }
    parts, masks = [weights[f"{fusion}/whole"][None].expand(len(text), 1, -1)], [always]
    for name, (values, mask) in given.items():
        places = weights[f"{fusion}/places_{name}"][: values.shape[1]] + weights[f"{fusion}/kind_{name}"]
        parts.append(dense(weights, f"{fusion}/project_{name}", values) + places)
        masks.append(mask)
    x, mask = drop(torch.cat(parts, 1)), torch.cat(masks, 1)[:, None, None, :]
    for block in blocks(weights, fusion):
        h = norm(weights, f"{block}self_attention_layer_norm", x, 1e-5)
        every = mask.expand(-1, 1, x.shape[1], -1)
        x = x + drop(attend(weights, f"{block}self_attention_layer", h, h, every, dropout))
        h = norm(weights, f"{block}feedforward_layer_norm", x, 1e-5)
        h = functional.gelu(dense(weights, f"{block}feedforward_intermediate_dense", h))
        x = x + drop(dense(weights, f"{block}feedforward_output_dense", h))
    memory = norm(weights, f"{fusion}/norm", x)

    previous, target = words[:, :-1], words[:, 1:]
    ended = (target == stop).int().cumsum(1)
    counted = functional.pad(ended[:, :-1] == 0, (1, 0), value=True)
    vectors = weights[f"{decoder}/embedding/embeddings"]
    x = drop(vectors[previous] + weights[f"{decoder}/places"][: previous.shape[1]])
    every = mask.expand(-1, 1, previous.shape[1], -1)
    for block in blocks(weights, decoder):
        h = norm(weights, f"{block}norm_0", x)
        x = x + drop(attend(weights, f"{block}look_back", h, h, None, dropout, causal=True))
        x = x + drop(attend(weights, f"{block}look_at", norm(weights, f"{block}norm_1", x), memory, every, dropout))
        h = functional.gelu(dense(weights, f"{block}widen", norm(weights, f"{block}norm_2", x)))
        x = x + drop(dense(weights, f"{block}narrow", h))
    logits = norm(weights, f"{decoder}/norm", x) @ vectors.t()
    log_p = functional.log_softmax(logits.float(), -1)
    right = log_p.gather(-1, target[..., None])[..., 0]
    losses = -(1 - smoothing) * right - smoothing * log_p.mean(-1)
    return (losses * counted).sum() / len(text)


# In between: in PyTorch -----------------------------------------------------------------------------------------------


def train(path, out):
    """Trains as the recipe says and writes the averaged weights."""
    import torch

    torch.backends.cuda.matmul.allow_tf32 = True
    data = np.load(path)
    settings = json.loads(str(data["settings"]))
    device, rng = "cuda" if torch.cuda.is_available() else "cpu", np.random.default_rng(settings["seed"])
    torch.manual_seed(settings["seed"])
    on = {name: torch.tensor(data[name], device=device) for name in ("photos", "basis", "scale", "mean")}
    photos = ((on["photos"].float() * on["scale"]) @ on["basis"].t() + on["mean"]).half()
    text, words, photo, language = (
        torch.tensor(data[name].astype("int64"), device=device) for name in ("text", "translation", "photo", "language")
    )
    pads = int(data["text_pad"]), int(data["translation_pad"]), int(data["stop"])
    longest = torch.maximum((text != pads[0]).sum(1), (words != pads[1]).sum(1)).cpu().numpy()
    of_length = [np.flatnonzero(np.searchsorted(LENGTHS, longest) == i) for i in range(len(LENGTHS))]

    weights = {name[2:]: torch.tensor(data[name], device=device) for name in data.files if name.startswith("w/")}
    learnt = [each.requires_grad_() for each in weights.values()]
    averages = [each.detach().clone() for each in learnt]
    for each in learnt:
        each.grad = torch.zeros_like(each)
    rate, size = torch.tensor(0.0, device=device), settings["batch_size"]
    on_gpu = device == "cuda"
    adam = torch.optim.Adam(learnt, lr=rate, eps=1e-7, fused=on_gpu, capturable=on_gpu)
    rows_of = [torch.zeros(size, dtype=torch.int64, device=device) for _ in LENGTHS]
    total = torch.zeros((), device=device)

    def step(kind):
        rows, length = rows_of[kind], LENGTHS[kind]
        torch._foreach_zero_([each.grad for each in learnt])
        kept = torch.rand(size, device=device) >= settings["modality_dropout"]
        seen = photos[photo[rows].clamp(min=0)].float()
        loss = loss_of(
            weights, text[rows][:, :length], words[rows][:, : length + 1], seen, (photo[rows] >= 0) & kept,
            language[rows], pads[0], pads[2], settings["dropout"], settings["label_smoothing"],
        )  # fmt: skip
        loss.backward()
        adam.step()
        with torch.no_grad():
            torch._foreach_lerp_(averages, learnt, 1 - settings["ema_decay"])
            total.add_(loss)

    graphs = [captured(step, kind) if on_gpu else None for kind in range(len(LENGTHS))]
    steps = sum(len(rows) // size for rows in of_length)
    everything, warm, done, started = steps * settings["epochs"], 2000, 0, time.time()
    for epoch in range(settings["epochs"]):
        batches = []
        for kind, rows in enumerate(of_length):
            mixed = rng.permutation(rows)[: len(rows) // size * size].reshape(-1, size)
            batches += [(kind, torch.tensor(batch, device=device)) for batch in mixed]
        for number in rng.permutation(len(batches)):
            kind, rows = batches[number]
            part = (done - warm) / (everything - warm)
            rate.fill_(settings["learning_rate"] * ((done + 1) / warm if done < warm else falling(part)))
            rows_of[kind].copy_(rows)
            graphs[kind].replay() if on_gpu else step(kind)
            done += 1
        print(f"epoch {epoch + 1}: loss {total.item() / steps:.2f}, {time.time() - started:.0f} s", flush=True)
        total.zero_()
    np.savez(out, **{name: each.cpu().numpy() for name, each in zip(weights, averages, strict=True)})


def falling(part, floor=0.02):
    """`mmgen_tf.training.cosine_decay` after the warm-up."""
    return floor + (1 - floor) * 0.5 * (1 + math.cos(math.pi * part))


def captured(step, kind):
    """A step as one graph of CUDA, after two that choose its kernels."""
    import torch

    beside = torch.cuda.Stream()
    beside.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(beside):
        for _ in range(2):
            step(kind)
    torch.cuda.current_stream().wait_stream(beside)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        step(kind)
    return graph


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("prepare", "train", "finish"))
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--data-dir")
    chosen = parser.parse_args()
    more = [] if chosen.what == "train" else [chosen.data_dir]
    {"prepare": prepare, "train": train, "finish": finish}[chosen.what](*chosen.paths, *more)
