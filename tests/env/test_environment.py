"""The three lists of packages say the same: pyproject.toml, env/requirements.in with its lock, and
env/environment.yml. And the lock is one that can be trusted: hashes for all, no address in it."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]

# What conda-forge calls by another name than PyPI.
CONDA_NAMES = {"matplotlib-base": "matplotlib"}
# What only the conda environment needs: it brings Python, Quarto and Jupyter's editor with it.
CONDA_ONLY = {"python", "pip", "quarto", "jupyter"}


def parse_requirements(text: str) -> dict[str, Requirement]:
    """Name to requirement, of every line that is neither empty nor a comment."""
    lines = (line.split("#")[0].strip() for line in text.splitlines())
    requirements = [Requirement(line) for line in lines if line]
    return {canonicalize_name(r.name): r for r in requirements}


def parse_lock(text: str) -> dict[str, tuple[Version, list[str]]]:
    """Name to pinned version and hashes, of a lock as pip reads it."""
    lock = {}
    for line in re.sub(r"\\\n", " ", text).splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        pin, *hashes = line.split("--hash=")
        requirement = Requirement(pin.strip())
        (specifier,) = requirement.specifier
        assert specifier.operator == "==", f"{pin.strip()} is not pinned"
        name = canonicalize_name(requirement.name)
        assert name not in lock, f"{name} is pinned twice: one version for every Python and system"
        lock[name] = (Version(specifier.version), [h.strip() for h in hashes])
    return lock


def parse_conda(document: dict) -> tuple[dict[str, str], dict[str, Requirement]]:
    """The packages from conda-forge (PyPI's name to version prefix) and those under `pip:`."""
    conda, pip = {}, {}
    for entry in document["dependencies"]:
        if isinstance(entry, dict):
            pip |= parse_requirements("\n".join(entry["pip"]))
        else:
            name, version = re.fullmatch(r"([\w.-]+?)(?:>?=([\d.]+))?", entry).groups()
            conda[canonicalize_name(CONDA_NAMES.get(name, name))] = version or ""
    return conda, pip


@pytest.fixture(scope="module")
def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def direct() -> dict[str, Requirement]:
    return parse_requirements((ROOT / "env/requirements.in").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def lock() -> dict[str, tuple[Version, list[str]]]:
    return parse_lock((ROOT / "env/requirements.txt").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def environment() -> dict:
    return yaml.safe_load((ROOT / "env/environment.yml").read_text(encoding="utf-8"))


def test_pyproject_names_the_same_direct_dependencies(project, direct):
    listed = [
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["test"],
        *project["build-system"]["requires"],
    ]
    declared = parse_requirements("\n".join(listed))
    assert {name: str(r.specifier) for name, r in declared.items()} == {
        name: str(r.specifier) for name, r in direct.items()
    }


def test_every_direct_dependency_is_locked_within_its_bounds(direct, lock):
    for name, requirement in direct.items():
        assert name in lock, f"{name} is not in env/requirements.txt: run make lock"
        assert requirement.specifier.contains(lock[name][0]), f"{name}: run make lock"


def test_every_locked_package_has_hashes(lock):
    for name, (_, hashes) in lock.items():
        assert hashes, f"{name} has no hash"
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", h) for h in hashes), name


def test_a_reader_installs_what_a_report_needs_and_nothing_of_the_tests(project, lock):
    """The smaller lock: of the same versions, with every dependency of the project, and with what
    builds it."""
    report = parse_lock((ROOT / "env/requirements-report.txt").read_text(encoding="utf-8"))
    assert {name: lock[name] for name in report} == report, "run make lock"
    needed = parse_requirements("\n".join(
        [*project["project"]["dependencies"], *project["build-system"]["requires"]]))
    assert set(needed) <= set(report)
    tests = parse_requirements("\n".join(project["project"]["optional-dependencies"]["test"]))
    assert not set(tests) & set(report)


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-report.txt"])
def test_lock_names_no_registry_and_no_path(name):
    text = (ROOT / "env" / name).read_text(encoding="utf-8")
    options = [line for line in text.splitlines() if line.startswith("-")]
    assert options == []
    assert not re.search(r"https?:|file:|git\+|@ |/", text)


def test_conda_environment_has_every_direct_dependency_once(direct, environment):
    conda, pip = parse_conda(environment)
    assert not set(conda) & set(pip)
    assert (set(conda) | set(pip)) - CONDA_ONLY == set(direct)


def test_conda_environment_has_the_locked_versions(environment, lock):
    conda, pip = parse_conda(environment)
    for name, prefix in conda.items():
        if name not in CONDA_ONLY:
            locked = ".".join(str(lock[name][0]).split(".")[:2])
            assert prefix == locked, f"{name} is {prefix} here and {lock[name][0]} in the lock"
    for name, requirement in pip.items():
        assert str(requirement.specifier) == f"=={lock[name][0]}", name


def test_conda_environment_is_conda_forge_without_r(environment):
    assert environment["channels"] == ["conda-forge", "nodefaults"]
    conda, pip = parse_conda(environment)
    r_packages = [n for n in {*conda, *pip} if n.startswith("r-") or n in {"rpy2", "irkernel"}]
    assert r_packages == []
    assert Version(conda["quarto"]) >= Version("1.9")


def test_python_versions_agree(project, environment):
    supported = SpecifierSet(project["project"]["requires-python"])
    assert not supported.contains("3.10")
    conda, _ = parse_conda(environment)
    workflow = yaml.safe_load((ROOT / ".github/workflows/check.yml").read_text(encoding="utf-8"))
    tested = workflow["jobs"]["test"]["strategy"]["matrix"]["python"]
    for version in [conda["python"], *tested]:
        assert supported.contains(version)
    assert "(3, 11)" in (ROOT / "Makefile").read_text(encoding="utf-8")
    assert project["tool"]["ruff"]["target-version"] == "py311"


def test_what_is_installed_is_what_is_locked(lock):
    """Whoever runs the tests in another environment than the locked one learns it here."""
    from importlib.metadata import PackageNotFoundError, version

    def installed(name):
        try:
            return Version(version(name))
        except PackageNotFoundError:
            return None

    different = {
        name: f"{found} instead of {pinned}"
        for name, (pinned, _) in lock.items()
        if (found := installed(name)) is not None and found != pinned
    }
    if different and Path(ROOT / ".venv").resolve() not in Path(pytest.__file__).parents:
        pytest.skip(f"not the project's own environment: {different}")
    assert different == {}


# The lists above are read by small parsers; these show that the parsers can see a fault.


@pytest.mark.parametrize(
    "line", ["numpy>=2.0 --hash=sha256:00", "numpy==2.0\nnumpy==2.1 ; python_version > '3.12'"]
)
def test_a_loose_or_doubled_pin_is_seen(line):
    with pytest.raises(AssertionError):
        parse_lock(line)


def test_a_pin_without_hash_is_seen():
    assert parse_lock("numpy==2.0")["numpy"] == (Version("2.0"), [])
