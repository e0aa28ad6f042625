"""What one environment runs is written into the declaration of another, and nothing else changes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from nixernetes.app.editing.promote import Promotion, PromotionOptions, promote
from nixernetes.app.load import load
from nixernetes.cli.commands import app as command
from nixernetes.errors import InputError

HEAD = '''"""A platform."""

from nixernetes import gitops

STABLE = "1.2.3"  # what production runs
WEB = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web"},
    "spec": {"template": {"spec": {"containers": [{"name": "web", "image": "nginx:1.26"}]}}},
}
STAGING = {"staging": {"images": {"nginx": ":2"}}}
CHART = gitops.HelmChartRef(name="db", repository="https://charts.example.com", version="1.0.0")
'''
TAIL = """
platform = gitops.Platform(
    name="p",
    repository=gitops.GitOpsRepository(name="config", url="https://example.com/x/config"),
    environments={"staging": {"branch": "staging"}, "production": {}, "qa": {}},
    apps=apps,
)
"""


def declared(tmp_path: Path, apps: str) -> Path:
    file = tmp_path / "gitops.py"
    file.write_text(f"{HEAD}\napps = [\n{apps}\n]\n{TAIL}")
    return file


def web(environments: str) -> str:
    return f'    gitops.App(name="web", namespace="web", manifests=[WEB], environments={environments}),'


def db(environments: str, values: str = "{}") -> str:
    return f'    gitops.App(name="db", namespace="db", chart=CHART, values={values}, environments={environments}),'


def promoted(file: Path, name: str, source: str = "staging", target: str = "production", **options: Any) -> Promotion:
    return promote(PromotionOptions(file=file, app=name, source=source, target=target, **options))


def line(file: Path, name: str) -> str:
    return next(text for text in file.read_text().splitlines() if f'name="{name}", namespace' in text).strip()


def test_images_are_promoted_and_everything_else_keeps_its_bytes(tmp_path: Path) -> None:
    apps = """    gitops.App(
        name="web",
        namespace="web",
        manifests=[WEB],
        environments={
            "staging": {"images": {"nginx": ":1.28"}, "replicas": 1},
            'production': gitops.AppOverrides(
                replicas=3,  # three zones
            ),
        },
    ),"""
    file = declared(tmp_path, apps)
    before = file.read_text()
    result = promoted(file, "web")
    expected = '# three zones\n                images={"nginx": ":1.28"},'
    assert file.read_text() == before.replace("# three zones", expected)
    assert [(change.field, change.before, change.after) for change in result.changes] == [
        ("images.nginx", None, ":1.28")
    ]
    assert '+                images={"nginx": ":1.28"},' in result.diff
    assert load(file).platform.apps[0].overrides("production").replicas == 3


def test_the_version_is_promoted_as_what_it_is_not_as_the_name_it_has(tmp_path: Path) -> None:
    """A name may stand for something else tomorrow, and production must not follow it then."""
    file = declared(tmp_path, db('{"staging": {"version": "2.0.0"}, "production": {"version": STABLE}}'))
    promoted(file, "db")
    assert line(file, "db").endswith('"production": {"version": "2.0.0"}}),')


def test_a_version_that_the_source_does_not_set_is_the_apps(tmp_path: Path) -> None:
    file = declared(tmp_path, db('{"production": {"version": STABLE, "values": {"a": 1}}}'))
    result = promoted(file, "db")
    assert line(file, "db").endswith('environments={"production": {"values": {"a": 1}}}),')
    assert (result.changes[0].before, result.changes[0].after) == ("1.2.3", None)


def test_values_are_merged_and_what_only_the_target_sets_stays(tmp_path: Path) -> None:
    staging = '{"values": {"image": {"tag": "16"}, "hosts": ["a"], "same": 1, "new": {"deep": True}}}'
    production = '{"values": {"image": {"tag": "15", "pull": "Always"}, "size": "50Gi", "hosts": [], "same": 1}}'
    file = declared(tmp_path, db(f'{{"staging": {staging}, "production": {production}}}'))
    promoted(file, "db")
    assert load(file).platform.apps[0].overrides("production").values == {
        "image": {"tag": "16", "pull": "Always"},
        "size": "50Gi",
        "hosts": ["a"],
        "same": 1,
        "new": {"deep": True},
    }


def test_a_value_that_the_app_gives_to_all_is_not_promoted_again(tmp_path: Path) -> None:
    file = declared(tmp_path, db('{"staging": {"values": {"a": 1}}}', '{"a": 1}'))
    assert promoted(file, "db").changes == ()


def test_an_environment_without_overrides_gets_its_first(tmp_path: Path) -> None:
    file = declared(tmp_path, web('{"staging": {"images": {"nginx": ":1.28"}}}'))
    promoted(file, "web")
    assert '"staging": {"images": {"nginx": ":1.28"}}, "production": {"images": {"nginx": ":1.28"}}}' in line(
        file, "web"
    )


def test_secrets_are_each_environments_own_and_are_not_shown(tmp_path: Path) -> None:
    values = '{"auth": {"password": "hunter2"}, "tag": "2"}'
    file = declared(tmp_path, db(f'{{"staging": {{"values": {values}}}}}'))
    assert [change.field for change in promoted(file, "db", is_dry=True).changes] == ["values.tag"]
    asked = promoted(file, "db", only=["values.auth"], is_dry=True)
    assert [change.field for change in asked.changes] == ["values.auth.password"]
    assert "hunter2" not in asked.diff
    assert '"password": "***"' in asked.diff


def test_fields_can_be_picked_and_kept(tmp_path: Path) -> None:
    staging = '{"version": "2.0.0", "values": {"image": {"tag": "2"}, "replicaCount": 1}}'
    file = declared(tmp_path, db(f'{{"staging": {staging}}}'))

    def fields(**options: Any) -> list[str]:
        return [change.field for change in promoted(file, "db", is_dry=True, **options).changes]

    assert fields() == ["version", "values.image.tag", "values.replicaCount"]
    assert fields(only=["version", "values.image"]) == ["version", "values.image.tag"]
    assert fields(keep=["values.replicaCount"]) == ["version", "values.image.tag"]
    with pytest.raises(InputError, match="replicas cannot be promoted: there are images, version and values"):
        fields(only=["replicas"])


def test_an_app_of_a_module_beside_the_platform_file_is_edited_there(tmp_path: Path) -> None:
    apps = web('{"staging": {"images": {"nginx": ":2"}}}')
    (tmp_path / "shop.py").write_text(f"{HEAD}\napps = [\n{apps}\n]\n")
    (tmp_path / "gitops.py").write_text(f"from nixernetes import gitops\nfrom shop import apps\n{TAIL}")
    before = (tmp_path / "gitops.py").read_text()
    result = promoted(tmp_path, "web")
    assert result.file.name == "shop.py"
    assert (tmp_path / "gitops.py").read_text() == before
    assert load(tmp_path).platform.apps[0].overrides("production").images == {"nginx": ":2"}


@pytest.mark.parametrize(
    ("apps", "message"),
    [
        (
            '    *(gitops.App(name=n, namespace="x", manifests=[WEB], environments=STAGING) for n in ["web"]),',
            r'there is no single App\(name="web", …\) here',
        ),
        (web('{**{"staging": {"images": {"nginx": ":2"}}}}'), "may hold what is to be changed"),
        (web('dict([("staging", {"images": {"nginx": ":2"}})])'), "neither a dict nor a call"),
        (web('{name: {"images": {"nginx": ":2"}} for name in ["staging"]}'), "neither a dict nor a call"),
    ],
)
def test_what_cannot_be_edited_safely_is_refused_and_not_touched(tmp_path: Path, apps: str, message: str) -> None:
    file = declared(tmp_path, apps)
    before = file.read_bytes()
    with pytest.raises(InputError, match=message) as refused:
        promoted(file, "web")
    assert refused.value.place.startswith(f"{file}:")
    assert file.read_bytes() == before


def test_an_edit_that_would_change_more_is_refused(tmp_path: Path) -> None:
    """Here the program reads its own declaration, which no edit can know; running the edited program tells it."""
    file = declared(tmp_path, web('{"staging": {"images": {"nginx": ":2"}}}'))
    text = file.read_text().replace(
        "apps=apps,", 'apps=[apps[0].model_copy(update={"prune": len(apps[0].environments) < 2})],'
    )
    file.write_text(text)
    with pytest.raises(InputError, match="the edit would change more than what is promoted"):
        promoted(file, "web")
    assert file.read_text() == text


def test_apps_and_environments_that_are_not_there_are_refused_with_the_nearest(tmp_path: Path) -> None:
    file = declared(tmp_path, web('{"staging": {}}'))
    with pytest.raises(InputError, match="the platform has no app wbe: did you mean web"):
        promoted(file, "wbe")
    with pytest.raises(InputError, match="there is no environment prodution: did you mean production"):
        promoted(file, "web", target="prodution")
    with pytest.raises(InputError, match="promoted to itself"):
        promoted(file, "web", target="staging")
    file = declared(tmp_path, web('{}, clusters=["qa"]'))
    with pytest.raises(InputError, match="App web: does not run in staging: it runs in qa"):
        promoted(file, "web")


def run(*arguments: str | Path) -> str:
    result = CliRunner().invoke(command, ["promote", *map(str, arguments)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_the_command_shows_the_edit_and_where_to_go(tmp_path: Path) -> None:
    file = declared(tmp_path, web('{"staging": {"images": {"nginx": ":2"}}}'))
    before = file.read_text()
    said = run("web", file, "--from", "staging", "--to", "production", "--dry-run")
    assert "web in production: images.nginx (none) -> :2" in said
    assert f"{file}: not written, as --dry-run says" in said
    assert file.read_text() == before
    found = json.loads(run("web", file, "--from", "staging", "--to", "production", "-o", "json"))
    assert found["changes"] == [{"field": "images.nginx", "before": None, "after": ":2"}]
    assert (found["written"], found["branch"], found["file"]) == (True, "main", str(file))
    said = run("web", file, "--from", "staging", "--to", "production")
    assert said == "web: production runs what staging runs already\n"
    with pytest.raises(InputError, match="give --from and --to"):
        run("web", file)


def test_permissions_and_links_stay(tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.mkdir()
    file = declared(real, web('{"staging": {"images": {"nginx": ":2"}}}'))
    file.chmod(0o640)
    (tmp_path / "gitops.py").symlink_to(file)
    promoted(tmp_path / "gitops.py", "web")
    assert (tmp_path / "gitops.py").is_symlink()
    assert file.stat().st_mode & 0o777 == 0o640
    assert '"production"' in line(file, "web")
