"""dondoc policy choices, choose, forget, programme: which policy new directives get."""

import click

from cli.output import emit, table
from cli.runtime import Runtime, pass_runtime
from cli.speech import Command, as_json
from workflow import policy_choices
from workflow.models.policy_choice import Scope
from workflow.urgency import URGENCIES
from workflow.words import Texts, pair

SCOPES: dict[Scope, Texts] = {
    Scope.SUPERVISION: pair("cuộc giám sát", "supervision"),
    Scope.URGENCY: pair("mức độ khẩn", "urgency"),
    Scope.PROGRAMME: pair("chương trình", "programme"),
}
SCOPE = click.argument("scope", type=click.Choice([scope.value for scope in Scope]))


@click.command(
    cls=Command, help="Chính sách riêng theo cuộc giám sát, độ khẩn, chương trình / policies by scope."
)
@as_json
@pass_runtime
def choices(runtime: Runtime, as_json: bool) -> None:
    with runtime.reading() as db:
        runtime.actor(db)
        found = policy_choices.choices(db)
    if as_json:
        emit([{"scope": one.scope, "value": one.value, "policy": one.policy} for one in found])
        return
    headers = {"vi": ("Theo", "Giá trị", "Chính sách"), "en": ("By", "Value", "Policy")}[runtime.lang]
    words = {urgency.value: said[runtime.lang] for urgency, said in URGENCIES.items()}
    table(
        headers,
        [(SCOPES[one.scope][runtime.lang], words.get(one.value, one.value), one.policy) for one in found],
    )


@click.command(
    cls=Command, help="Nhiệm vụ mới thuộc diện này theo chính sách này / choose for new directives."
)
@SCOPE
@click.argument("value")
@click.argument("policy")
@pass_runtime
def choose(runtime: Runtime, scope: str, value: str, policy: str) -> None:
    with runtime.desk() as desk:
        policy_choices.choose(desk, Scope(scope), value, policy)
    runtime.say(f"{value}: nhiệm vụ mới theo {policy}.", f"{value}: new directives follow {policy}.")


@click.command(cls=Command, help="Bỏ lựa chọn; nhiệm vụ mới lại theo mặc định / back to the default policy.")
@SCOPE
@click.argument("value")
@pass_runtime
def forget(runtime: Runtime, scope: str, value: str) -> None:
    with runtime.desk() as desk:
        policy_choices.forget(desk, Scope(scope), value)
    runtime.say(f"{value}: theo chính sách mặc định.", f"{value}: the default policy again.")


@click.command(
    cls=Command, help="Cuộc giám sát thuộc chương trình nào; bỏ trống là không / a supervision's programme."
)
@click.argument("supervision")
@click.argument("name", required=False)
@pass_runtime
def programme(runtime: Runtime, supervision: str, name: str | None) -> None:
    with runtime.desk() as desk:
        policy_choices.set_programme(desk, supervision, name)
    runtime.say(
        f"{supervision}: {name or 'không thuộc chương trình nào'}.",
        f"{supervision}: {name or 'no programme'}.",
    )
