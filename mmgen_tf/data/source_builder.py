"""Where the builders' files come from: a published package, or the user's own copy."""

import pathlib

import tensorflow_datasets as tfds


class PackageBuilder(tfds.core.GeneratorBasedBuilder, skip_registration=True):
    """A builder on the files of a package, `PACKAGE` of its class.

    Args:
        source: a local file of that package, or a folder of its files; None asks for it by name.
        package: another `PackageSource` with the same files, as tests inject.
        **kwargs: of `tfds.core.GeneratorBasedBuilder`.
    """

    PACKAGE = None

    def __init__(self, *, source=None, package=None, **kwargs):
        self._source, self._package = source, package or self.PACKAGE
        super().__init__(**kwargs)


class LocalBuilder(tfds.core.GeneratorBasedBuilder, skip_registration=True):
    """A builder on files that the user has.

    Args:
        source: a folder with them; None looks in the folder that TFDS keeps datasets in.
        **kwargs: of `tfds.core.GeneratorBasedBuilder`.
    """

    def __init__(self, *, source=None, **kwargs):
        self._source = None if source is None else pathlib.Path(source).expanduser()
        super().__init__(**kwargs)
        self._root = self._source or pathlib.Path(self.data_path).parents[1]
