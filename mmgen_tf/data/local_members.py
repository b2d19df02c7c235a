"""The user's own copies of the recordings: an archive, or a folder of its files."""

import dataclasses
import pathlib
import tarfile

from mmgen_tf.data.package_source import PackageUnavailableError


@dataclasses.dataclass(frozen=True)
class LocalMembers:
    """Files of one kind that lie in a folder, in an archive there or loose.

    Args:
        folder: the folder's name.
        archive: name of a tar file in that folder; it is read where it is there.
        suffixes: of the files, in lower case; they are matched in any case.
        form: how the files are named, for error messages.
        origin: the name of the dataset and of its authors, for error messages.
    """

    folder: str
    archive: str
    suffixes: tuple
    form: str
    origin: str

    def is_there(self, root):
        """Whether `root` has the folder, and that the archive or at least one file."""
        here = pathlib.Path(root, self.folder)
        return (here / self.archive).is_file() or any(self._is_one(path.name) for path in here.rglob("*"))

    def read(self, root):
        """Yields `(path relative to the archive or folder, bytes)`, sorted by path."""
        here = pathlib.Path(root, self.folder)
        if (here / self.archive).is_file():
            with tarfile.open(here / self.archive) as archive:
                members = [member for member in archive if member.isfile() and self._is_one(member.name)]
                for member in sorted(members, key=lambda member: member.name):
                    yield member.name.removeprefix("./"), archive.extractfile(member).read()
        else:
            for path in sorted(path for path in here.rglob("*") if self._is_one(path.name) and path.is_file()):
                yield path.relative_to(here).as_posix(), path.read_bytes()

    def _is_one(self, name):
        return name.lower().endswith(self.suffixes)

    def __str__(self):
        return f"{self.folder}/ with {self.archive} or its files {self.form} (from the {self.origin})"


def require(root, *wanted):
    """Raises PackageUnavailableError, with all that is expected in folder `root`, unless each of `wanted` is there."""
    absent = [each.folder for each in wanted if not each.is_there(root)]
    if absent:
        found = sorted(path.name for path in pathlib.Path(root).glob("*"))[:8]
        raise PackageUnavailableError(
            f"These data are not fetched for you. Expected in {str(root)!r}: {'; '.join(map(str, wanted))}. Get them "
            f"from their authors and put them there. Received {found or 'nothing'}, without {' and '.join(absent)}."
        )
