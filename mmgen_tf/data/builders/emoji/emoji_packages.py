"""The published packages that hold the emoji's pictures and names; each pinned by version and SHA-256."""

import pathlib

from mmgen_tf.data.package_source import PackageSource

LANGUAGES = ("en", "zh", "de", "fr", "es", "ja")
LIST = "package/emoji.json"  # of `noto`: which emoji there are

_NAMES = {
    "annotations": {
        "de": "bfd22f5226d874843a28b6efec01db7e47dfae4ed802eceab8b416550f09e3c2",
        "en": "f22083cb86dffb63a643d5bacb5d9899f82d2fa5d388ad4f3aed72184acef505",
        "es": "339cdf9ae5fe6d3250d3c53b95ff6d8a4dae96c7c0d279756ee7a73c43c84b56",
        "fr": "33da052f74782791989e6226d60871c846799e077a5a7fb4e87ecfa7ca385733",
        "ja": "737ce4bea3d52d904f7744eb7653ea55100c99232255609a913f69a5a8c3d6c1",
        "zh": "8d2dfe9bf41894bd17c9c1a1906a31bf0ccc06204bf4b77c2ab2b0d8f79a5fdf",
    },
    "annotationsDerived": {
        "de": "486a878923ef6d8303fd9b8f4472486c60575cb64a811a7dbef451bf064c4496",
        "en": "15c9457afa703a32dcc78d54626418a91e820fe0ddd67b7d491c4c4d9f5846ab",
        "es": "f9f43c327c5b76dbd337496738c0f5c526ee1c803dd683d60100b5fce85ab79e",
        "fr": "012bb08af81a2ea0686e8fe069388f02dbd025d62b02d7423067c452b37e8855",
        "ja": "6c5496486b89d57cb6f9f0701c8052d44c23b08703d796e5e45c1d65f3902edf",
        "zh": "1ff96249af6fc69067f2dfabc26b450786a93d8048f2764ecfad53fd64953f92",
    },
}


def name_file(kind, language):
    """Where a package of names keeps a language's; `kind` is "annotations" or "annotationsDerived"."""
    return f"package/{kind}/{language}/annotations.json"


def _names(kind):
    return {name_file(kind, language): digest for language, digest in _NAMES[kind].items()}


# The drawing style, as a caption's word says it, or what kind of names -> the package.
PACKAGES = {
    "noto": PackageSource(
        "npm", "emoji-datasource-google", "16.0.0",
        {LIST: "1d602e65be88772bf8cc368ce16b855d719eeddbafe128d471b80203f494d29f"},
        {"package/img/google/64": "dcf91d85a354de815e85bfd8be3a2fcfe4dc5bca445dc2ab5179785514f6fa15"},
    ),
    "twemoji": PackageSource(
        "npm", "emoji-datasource-twitter", "16.0.0",
        folders={"package/img/twitter/64": "614cb6109f81c48b06d684093f3fff6194176c85b290dc190e4586a4205785c6"},
    ),
    "3d": PackageSource(
        "npm", "@lobehub/fluent-emoji-3d", "1.1.0",
        folders={"package/assets": "6a7129244a43e0c80b17cc8cb8856d23191d02d45d5ef2e9e1cf701a6ee8f0e9"},
    ),
    "flat": PackageSource(
        "npm", "@lobehub/fluent-emoji-flat", "1.1.0",
        folders={"package/assets": "817feeb264a230ffafe8c2cbb554ef6750a1208bdebf6f9e88f9bbd3af45cbfc"},
    ),
    "modern": PackageSource(
        "npm", "@lobehub/fluent-emoji-modern", "1.0.0",
        folders={"package/assets": "afe1aa4a8a1c5969a78364db902af49e5dd5910b7d409e1513be7f6e8b0c36b4"},
    ),
    "openmoji": PackageSource(
        "npm", "openmoji", "17.0.0",
        folders={"package/color/svg": "b748adb1611cabf21b0cca8d69af3a536c0b169cdc710f5ce7a4b9e6c8c36bf0"},
    ),
    "annotations": PackageSource("npm", "cldr-annotations-full", "48.2.0", _names("annotations")),
    "annotationsDerived": PackageSource("npm", "cldr-annotations-derived-full", "48.2.0", _names("annotationsDerived")),
}  # fmt: skip
STYLES = tuple(name for name in PACKAGES if not name.startswith("annotations"))


def fetch_all(source=None, packages=PACKAGES):
    """Fetches every package.

    Args:
        source: None, or a folder with the package files as the client names them (`openmoji-17.0.0.tgz`, ...).
        packages: dict as `PACKAGES`.

    Returns:
        dict of the same keys -> `pathlib.Path` of the directory that `PackageSource.fetch` gives.
    """
    return {key: package.fetch(local=source and _local(source, package)) for key, package in packages.items()}


def _local(source, package):
    return pathlib.Path(source).expanduser() / f"{package.name.strip('@').replace('/', '-')}-{package.version}.tgz"
