"""What somebody does with a client that is generated from docs/openapi.json: signs in, lists, creates, changes, reads on.

    generated_client.py URL EMAIL PASSWORD TEAM     with the package task_hub_client in PYTHONPATH
"""

import sys
from http import HTTPStatus

from task_hub_client import AuthenticatedClient, Client
from task_hub_client.api.comments import comments_create
from task_hub_client.api.sessions import sessions_login
from task_hub_client.api.tasks import tasks_create, tasks_get, tasks_list, tasks_update
from task_hub_client.api.teams import teams_list
from task_hub_client.models import CreateTask, Login, PatchTask, Priority, Problem, Session, Status, WriteComment

URL, EMAIL, PASSWORD, TEAM = sys.argv[1:]


def main() -> None:
    refused = sessions_login.sync(client=Client(base_url=URL), body=Login(email=EMAIL, password="not this one"))
    assert isinstance(refused, Problem) and refused.status == HTTPStatus.UNAUTHORIZED, refused
    session = sessions_login.sync(client=Client(base_url=URL), body=Login(email=EMAIL, password=PASSWORD))
    assert isinstance(session, Session), session
    client = AuthenticatedClient(base_url=URL, token=session.access_token)

    teams = teams_list.sync(client=client)
    assert TEAM in [team.key for team in teams.items], teams
    made = [
        tasks_create.sync(TEAM, client=client, body=CreateTask(title=f"Generated {n}", priority=Priority.HIGH), idempotency_key=f"{TEAM}-{n}")
        for n in range(7)
    ]
    again = tasks_create.sync(TEAM, client=client, body=CreateTask(title="Generated 0", priority=Priority.HIGH), idempotency_key=f"{TEAM}-0")
    assert again == made[0], again

    found, cursor = [], None
    while True:
        more = {} if cursor is None else {"cursor": cursor}
        page = tasks_list.sync(TEAM, client=client, status=[Status.PENDING, Status.BLOCKED], priority=[Priority.HIGH], limit=3, **more)
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    assert {task.id for task in found} == {task.id for task in made}, found

    task = made[0]
    key = f"{TEAM.upper()}-{task.number}"
    answer = tasks_update.sync_detailed(TEAM, key, client=client, body=PatchTask(title="Changed"), if_match=f'"{task.version}"')
    assert answer.parsed.title == "Changed" and answer.headers["etag"] == f'"{task.version + 1}"', answer
    late = tasks_update.sync_detailed(TEAM, key, client=client, body=PatchTask(title="Too late"), if_match=f'"{task.version}"')
    assert late.status_code == HTTPStatus.PRECONDITION_FAILED and isinstance(late.parsed, Problem), late
    assert tasks_get.sync(TEAM, key, client=client).title == "Changed"
    assert comments_create.sync(TEAM, key, client=client, body=WriteComment(body="Said by a generated client.")).body


main()
