"""What is shipped: locked requirements, the image, the compose file, the environment it explains, and Django's own deployment check."""

import ast
import json
import os
import re
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from launch.paths import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
REQUIREMENTS = ("requirements.txt", "requirements-dev.txt")
OURS = ("migrate", "web", "worker", "beat")

# Read from the environment, but not the installer's to set: the shell's own, and what our processes hand to one another.
NOT_FOR_PEOPLE = {"PATH", "MAKELEVEL", "DJANGO_SETTINGS_MODULE", "PYTEST_XDIST_WORKER", "TEST_REPORT", "TEST_FOLDER"}


def production_environment() -> dict[str, str]:
    example = {name: value for name, value in explained().items() if value}
    return {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": secrets.token_urlsafe(50),
        "FIELD_KEYS": f"k1:{secrets.token_hex(16)}",
        "BLIND_INDEX_KEY": secrets.token_hex(32),
        "DATABASE_URL": "postgres://yimen:x@127.0.0.1:1/yimen",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "STATICFILES_MODE": "manifest",
        "DB_POOL": "1",
        **example,
    }


def explained() -> dict[str, str]:
    """Every name that .env.example shows, set or commented out."""
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    return {name: value.strip("'") for name, value in re.findall(r"^#?([A-Z][A-Z0-9_]+)=(.*)$", text, flags=re.MULTILINE)}


def names_read(file: Path) -> set[str]:
    """Names of the environment that a module reads, through config.environment or os.environ."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        words: list[ast.expr] = []
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            called = ast.unparse(node.func)
            if called.startswith("environment.") or called in {"os.environ.get", "os.environ.setdefault"}:
                words = node.args[:1]
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            words = [node.slice]
        for word in words:
            found |= {part.value for part in ast.walk(word) if isinstance(part, ast.Constant) and isinstance(part.value, str)}
    return {name for name in found if re.fullmatch(r"[A-Z][A-Z0-9_]+", name)}


def tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def test_production_settings_pass_the_deployment_check_without_a_warning() -> None:
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    checked = subprocess.run(command, cwd=ROOT, env=production_environment(), capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "no issues" in checked.stdout + checked.stderr


@pytest.mark.parametrize("missing", ["SECRET_KEY", "FIELD_KEYS", "BLIND_INDEX_KEY", "DATABASE_URL", "REDIS_URL"])
def test_nothing_starts_without_its_secrets(missing: str) -> None:
    env = {**production_environment(), "VAR_DIR": "/nonexistent"}
    del env[missing]
    command = [sys.executable, "-c", "import config.settings"]
    started = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert started.returncode != 0
    assert f"{missing} is not set" in started.stderr


def test_every_name_that_is_read_is_explained() -> None:
    files = [file for folder in ("config", "deploy", "launch", "organisations", "casework", "petitions") for file in (ROOT / folder).rglob("*.py")]
    read = set().union(*(names_read(file) for file in files))
    assert "DATABASE_URL" in read
    assert read - NOT_FOR_PEOPLE - set(explained()) == set()


def test_every_name_the_compose_file_wants_is_explained() -> None:
    wanted = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text(encoding="utf-8")))
    assert "POSTGRES_PASSWORD" in wanted
    assert wanted - set(explained()) == set()


def test_a_shell_reads_the_examples_values_as_they_are_meant(tmp_path: Path) -> None:
    """Compose unquotes as a shell does: "code":0 without quotation marks around it would arrive as nothing, or as code:0."""
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    (tmp_path / "all").write_text(re.sub(r"^#(?=[A-Z][A-Z0-9_]+=)", "", text, flags=re.MULTILINE), encoding="utf-8")
    command = ["sh", "-ec", f"set -a; . {tmp_path}/all; exec {sys.executable} -c 'import json, os; print(json.dumps(dict(os.environ)))'"]
    read = subprocess.run(command, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=True)
    assert read.stderr == ""
    values = json.loads(read.stdout)
    assert {name: values[name] for name in explained()} == explained()
    assert values["SMS_EXPECTS"] == '"code":0'
    assert json.loads(values["SMS_BODY"])["content"] == "{text}"


def test_the_example_holds_no_secret() -> None:
    assert {explained()[name] for name in ("SECRET_KEY", "FIELD_KEYS", "BLIND_INDEX_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD")} == {""}


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_requirements_are_pinned_and_hashed_and_hold_no_address(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text
    assert "--extra" not in text
    entries = re.split(r"\n(?=\S)", text.strip())
    assert len(entries) > 50
    for entry in entries:
        assert re.match(r"[a-z0-9._-]+(\[[a-z,]+\])?==\S+", entry), entry
        assert "--hash=sha256:" in entry, entry


def test_the_development_set_contains_the_running_one_at_the_same_versions() -> None:
    running, development = (
        set(re.findall(r"^([a-z0-9._-]+==[^ ]+)", (ROOT / name).read_text(encoding="utf-8"), flags=re.MULTILINE)) for name in REQUIREMENTS
    )
    assert running <= development


def test_no_tracked_file_names_a_package_registry() -> None:
    # Put together here, so that this file does not name one either.
    hosts = [
        ".".join(parts).encode()
        for parts in (
            ("pypi", "org"),
            ("pythonhosted", "org"),
            ("registry", "npmjs", "org"),
            ("registry", "yarnpkg", "com"),
            ("npmmirror", "com"),
            ("tuna", "tsinghua", "edu"),
            ("deb", "debian", "org"),
            ("docker", "io"),
            ("ghcr", "io"),
            ("quay", "io"),
        )
    ]
    naming = [(str(file.relative_to(ROOT)), host) for file in tracked_files() for host in hosts if host in file.read_bytes()]
    assert naming == []


def test_compose_has_the_house_and_nothing_unnamed() -> None:
    assert set(SERVICES) == {"postgres", "redis", "cache", "migrate", "web", "worker", "beat", "proxy"}
    for name, service in SERVICES.items():
        assert "image" in service, name
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source.startswith("./") or source in COMPOSE["volumes"], (name, volume)
        for needed in service.get("depends_on", {}):
            assert needed in SERVICES, (name, needed)


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"migrate"}))
def test_every_lasting_service_restarts_and_has_a_health_check(name: str) -> None:
    assert SERVICES[name]["restart"] == "unless-stopped"
    assert SERVICES[name]["healthcheck"]["test"]


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"postgres"}))
def test_every_service_but_the_database_runs_read_only_without_capabilities(name: str) -> None:
    assert SERVICES[name]["read_only"] is True
    assert SERVICES[name]["cap_drop"] == ["ALL"]


def test_what_is_mounted_from_here_is_here_and_nothing_is_mounted_empty_over_a_folder_of_the_image() -> None:
    """A tmpfs takes the owner root and often the mode of the folder it covers: only /tmp and a store that is never written are open."""
    for name, service in SERVICES.items():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert not source.startswith("./") or (ROOT / source).is_file(), (name, source)
        assert all(folder in {"/tmp", "/data"} for folder in service.get("tmpfs", [])), name  # noqa: S108 - a container's
    assert os.access(ROOT / "deploy" / "nginx-resolver.envsh", os.X_OK), "the image's entry point passes over what is not executable"


def test_each_name_in_the_proxys_template_is_filled_in() -> None:
    template = (ROOT / "deploy" / "nginx.conf.template").read_text(encoding="utf-8")
    shown = SERVICES["proxy"]["environment"]["NGINX_ENVSUBST_FILTER"].replace("$$", "$")
    names = set(re.findall(r"\$\{([A-Z_]+)\}", template))
    assert names == {"RESOLVER", "HTTPS_PORT"}
    assert all(re.search(shown, name) for name in names)
    assert "export RESOLVER" in (ROOT / "deploy" / "nginx-resolver.envsh").read_text(encoding="utf-8")


def test_only_the_proxy_is_reachable_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if service.get("ports")] == ["proxy"]


def test_only_the_web_server_pools_its_connections() -> None:
    assert [name for name in OURS if SERVICES[name]["environment"].get("DB_POOL") == "1"] == ["web"]


def test_our_services_start_after_the_migration() -> None:
    for name in ("web", "worker", "beat"):
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_the_database_sorts_like_the_embedded_one() -> None:
    launcher = (ROOT / "launch" / "servers.py").read_text(encoding="utf-8")
    for option in ("--locale-provider=builtin", "--builtin-locale=C.UTF-8"):
        assert option in SERVICES["postgres"]["environment"]["POSTGRES_INITDB_ARGS"]
        assert option in launcher
    assert SERVICES["postgres"]["image"].split(":")[1] == "18"


def test_the_image_runs_as_nobody_in_particular_and_watches_itself() -> None:
    users = re.findall(r"^USER (\S+)", DOCKERFILE, flags=re.MULTILINE)
    assert users[-1] not in {"root", "0"}
    assert "HEALTHCHECK" in DOCKERFILE
    assert "--require-hashes" in DOCKERFILE


def test_the_image_and_the_makefile_install_with_the_same_uv() -> None:
    wanted = re.search(r"UV_VERSION := (\S+)", (ROOT / "Makefile").read_text(encoding="utf-8"))
    assert wanted is not None
    assert f"uv=={wanted.group(1)}" in DOCKERFILE


def test_collected_stylesheets_can_be_read_by_the_user_the_image_runs_as(tmp_path: Path) -> None:
    """They are collected by root while the image is built; with the private modes of attachments the web server could not start."""
    kept = settings.STORAGES["staticfiles"]
    there = storages.create_storage({**kept, "OPTIONS": {**kept.get("OPTIONS", {}), "location": str(tmp_path / "collected")}})
    there.save("css/app.css", ContentFile(b"body{}"))
    modes = {path.name: path.stat().st_mode & 0o777 for path in [tmp_path / "collected", *(tmp_path / "collected").rglob("*")]}
    assert modes == {"collected": 0o755, "css": 0o755, "app.css": 0o644}


def test_ci_runs_the_same_command_as_a_person() -> None:
    assert (ROOT / ".ci" / "run").read_text().splitlines()[-1] == "exec make test"
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
