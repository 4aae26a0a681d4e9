import json
import re
import subprocess
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from config.settings import SECRETS, Settings
from tasks.app import PULSE_FILE, configuration
from tests.infra.composition import OURS, ROOT, composition, filled, find_command, services


def faults(document: object) -> list[str]:
    schema = json.loads((ROOT / "tests/infra/compose.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return [
        f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema).iter_errors(document)
    ]


def seconds(duration: str) -> int:
    [(number, unit)] = re.findall(r"(\d+)(s|m)", duration)
    return int(number) * {"s": 1, "m": 60}[unit]


def test_the_file_follows_the_specification() -> None:
    assert faults(composition()) == []


@pytest.mark.parametrize(
    "mistake",
    [
        {"restart": "sometimes"},
        {"healthcheck": {"interval": "5s"}},
        {"depends_on": {"redis": {"condition": "service_ready"}}},
        {"port": ["8000:8000"]},
        {"stop_grace_period": "30"},
    ],
)
def test_a_mistake_in_a_service_is_found(mistake: dict[str, object]) -> None:
    document = composition()
    document["services"]["web"].update(mistake)
    assert faults(document) != []


@pytest.mark.parametrize("service", OURS)
def test_each_of_our_commands_exists(service: str) -> None:
    assert find_command(services()[service]["command"]) is not None


def test_a_command_that_does_not_exist_is_noticed() -> None:
    assert find_command(["db", "upgarde"]) is None
    assert find_command(["db"]) is None


def test_every_variable_is_a_setting_of_ours() -> None:
    known = {f"DONDOC_{name.upper()}" for name in Settings.model_fields}
    known |= {f"DONDOC_{name.upper()}_FILE" for name in SECRETS} | {PULSE_FILE}
    given = {name for service in OURS for name in services()[service]["environment"]}
    assert given <= known


def test_every_setting_of_production_can_be_given() -> None:
    given = set(services()["web"]["environment"])
    reachable = given | {name.removesuffix("_FILE") for name in given}
    left_out = {f"DONDOC_{name.upper()}" for name in Settings.model_fields} - reachable
    assert left_out == {"DONDOC_HOME", "DONDOC_CLOCK_FILE"}, "the image sets one, the other is for tests"


def test_no_secret_stands_in_the_file_or_in_an_environment() -> None:
    for name, service in services().items():
        for variable, value in service.get("environment", {}).items():
            if re.search(r"PASSWORD|KEY|DATABASE_URL|BROKER_URL|SMTP_URL", variable):
                assert variable.endswith("_FILE"), (name, variable)
                if variable == "DONDOC_DKIM_KEY_FILE":
                    assert filled(value) == "", "off until the operator mounts a key"
                    continue
                assert filled(value).startswith("/run/secrets/")
                assert filled(value).removeprefix("/run/secrets/") in service["secrets"]


def test_databases_are_reached_from_inside_only() -> None:
    for name in ("postgres", "redis"):
        assert "ports" not in services()[name]
        assert services()[name]["networks"] == ["inside"]
    assert composition()["networks"]["inside"] == {"internal": True}


def test_whatever_keeps_running_is_restarted_and_watched() -> None:
    for name, service in services().items():
        if name == "migrate":
            assert service["restart"] == "no"
        else:
            assert service["restart"] == "unless-stopped"
            assert service["healthcheck"]["test"]


def test_a_worker_gets_the_time_to_finish() -> None:
    soft = configuration("redis://localhost/0", "UTC")["worker_soft_shutdown_timeout"]
    assert seconds(services()["worker"]["stop_grace_period"]) > soft


def test_the_data_of_postgresql_18_is_kept_where_it_writes() -> None:
    assert services()["postgres"]["image"] == "postgres:18"
    assert services()["postgres"]["volumes"] == ["postgres:/var/lib/postgresql"]


def test_nothing_of_ours_starts_before_its_tables_exist() -> None:
    for name in ("web", "worker", "clock"):
        assert services()[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    assert services()["migrate"]["depends_on"]["postgres"]["condition"] == "service_healthy"


def test_every_name_a_service_uses_is_declared() -> None:
    whole = composition()
    for service in whole["services"].values():
        assert set(service.get("secrets", [])) <= set(whole["secrets"])
        assert {volume.partition(":")[0] for volume in service.get("volumes", [])} <= set(whole["volumes"])
        assert set(service.get("networks", [])) <= set(whole["networks"])
        assert set(service.get("depends_on", {})) <= set(whole["services"])


def test_the_mail_catcher_is_for_development_only() -> None:
    assert services()["mailpit"]["profiles"] == ["dev"]
    assert all("profiles" not in services()[name] for name in (*OURS, "postgres", "redis"))


def test_secrets_are_made_once_and_kept(tmp_path: Path) -> None:
    (tmp_path / "tools").mkdir()
    script = tmp_path / "tools" / "secrets"
    script.write_bytes((ROOT / "tools/secrets").read_bytes())
    script.chmod(0o755)
    subprocess.run([script], check=True, capture_output=True)
    first = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    subprocess.run([script], check=True, capture_output=True)
    second = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    assert first == second
    assert first.keys() == {".gitignore", *composition()["secrets"]}
    assert first["postgres_password"] in first["database_url"]
    assert first["redis_password"] in first["broker_url"]
    assert len(first["secret_key"]) >= 32
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700


def test_the_image_runs_as_an_ordinary_account_and_trusts_no_working_directory() -> None:
    last_stage = (ROOT / "Dockerfile").read_text(encoding="utf-8").rpartition("\nFROM ")[2]
    assert "\nUSER dondoc\n" in last_stage
    assert "PYTHONSAFEPATH=1" in last_stage
    assert 'ENTRYPOINT ["dondoc"]' in last_stage
    assert "slim" in last_stage.splitlines()[0]


def test_the_image_installs_nothing_that_is_not_locked() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    for install in re.findall(r"pip install ([^\n\\]*)", text):
        assert "--require-hashes" in install or "--no-deps" in install
