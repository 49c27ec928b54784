"""The worker's job in Celery: one notification in PostgreSQL for one event, once however often the job comes.

Prefork, two processes, acknowledged late (a job survives its process), no results, no gossip; a connection for each
process, the statement prepared.
"""

import json
import os

import psycopg
from celery import Celery
from celery.signals import worker_process_init

app = Celery("bench", broker=os.environ["BENCH_REDIS_URL"])
app.conf.update(
    task_acks_late=True,
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    worker_prefetch_multiplier=64,
    worker_send_task_events=False,
    worker_enable_remote_control=False,
    broker_connection_retry_on_startup=True,
)

connection: psycopg.Connection | None = None

INSERT = """
    INSERT INTO delivery.notifications (id, user_id, team_id, revision, type, task_id, task_key, title, actor_id)
    VALUES (%s, %s, %s, %s, 'task.assigned', %s, %s, %s, %s)
    ON CONFLICT (user_id, team_id, revision) DO NOTHING
"""


@worker_process_init.connect
def connect(**_) -> None:
    global connection
    connection = psycopg.connect(os.environ["BENCH_DATABASE_URL"], autocommit=True)


@app.task(name="notify")
def notify(event: dict) -> None:
    task = event["data"]["task"]
    for user in task["assignees"]:
        if user != event["actorid"]:
            row = (
                event["id"], user, event["teamid"], int(event["revision"]), task["id"], task["key"], task["title"],
                event["actorid"],
            )  # fmt: skip
            connection.execute(INSERT, row, prepare=True)


def enqueue(events: list[str]) -> None:
    """Fills the queue; not measured."""
    with app.connection_for_write() as broker, broker.Producer() as producer:
        for event in events:
            notify.apply_async((json.loads(event),), producer=producer)
