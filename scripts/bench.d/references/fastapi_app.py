"""What people would write instead of TaskHub's gateway and task-service: the same three requests in FastAPI.

Written as somebody would who knows how to make it fast: asyncpg with its prepared statements, uvloop, httptools, orjson
straight into the answer (no response model), tokens remembered once they were verified. The statements are TaskHub's own,
as PostgreSQL saw them; see capture.py.
"""

import json
import os
import time
from contextlib import asynccontextmanager
from typing import Annotated, Literal
from uuid import UUID, uuid4

import asyncpg
import jwt
import orjson
from fastapi import Depends, FastAPI, Header, HTTPException, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from bound import Bound

with open(os.environ["BENCH_STATEMENTS"], encoding="utf-8") as file:
    STATEMENTS = json.load(file)
GET, LIST, CREATE = (Bound(STATEMENTS[name]) for name in ("get", "list", "create"))
KEYS = {key["kid"]: jwt.PyJWK(key) for key in json.loads(os.environ["BENCH_JWKS"])["keys"]}

# The columns in which each of the statements ends with a task.
TASK = (
    "id", "team_id", "number", "key", "title", "description", "status", "priority", "assignees", "due_at",
    "created_by", "created_at", "updated_at", "completed_at", "version", "labels", "position",
)  # fmt: skip
WIDTH = len(TASK)
VERSION = TASK.index("version") - WIDTH

verified: dict[str, tuple[str, float]] = {}


async def caller(authorization: Annotated[str, Header()] = "") -> str:
    """The user whose token it is."""
    known = verified.get(authorization)
    if known is not None and known[1] > time.time():
        return known[0]
    scheme, _, token = authorization.partition(" ")
    try:
        if scheme.lower() != "bearer":
            raise jwt.InvalidTokenError
        key = KEYS[jwt.get_unverified_header(token)["kid"]]
        claims = jwt.decode(token, key, algorithms=["EdDSA"], audience="taskhub", issuer="taskhub")
    except (jwt.InvalidTokenError, KeyError):
        raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"}) from None
    if len(verified) >= 50_000:
        verified.clear()
    verified[authorization] = (claims["sub"], claims["exp"])
    return claims["sub"]


Caller = Annotated[str, Depends(caller)]


class CreateTask(BaseModel):
    model_config = ConfigDict(extra="forbid")
    title: str = Field(min_length=1, max_length=255)
    description: str = Field("", max_length=65536)
    status: Literal["pending", "in_progress", "blocked", "completed", "cancelled"] = "pending"
    priority: Literal["none", "low", "medium", "high", "urgent"] = "none"


async def prepare_connection(connection: asyncpg.Connection) -> None:
    # Ids pass through as text: quicker than a UUID object each.
    await connection.set_type_codec("uuid", encoder=str, decoder=str, schema="pg_catalog", format="text")


@asynccontextmanager
async def lifespan(app: FastAPI):
    size = int(os.environ["BENCH_POOL"])
    async with asyncpg.create_pool(
        os.environ["BENCH_DATABASE_URL"], min_size=size, max_size=size, init=prepare_connection, command_timeout=2
    ) as pool:
        app.state.pool = pool
        yield


app = FastAPI(lifespan=lifespan, openapi_url=None)


def answer(content: object, etag: str, status: int = 200) -> Response:
    body = orjson.dumps(content, option=orjson.OPT_UTC_Z)
    return Response(body, status, {"ETag": etag}, "application/json")


@app.get("/api/v1/teams/{team}/tasks/{task}")
async def get_task(team: UUID, task: UUID, user: Caller) -> Response:
    row = await app.state.pool.fetchrow(GET.sql, *GET.arguments(user=user, team=str(team), task=str(task)))
    if row is None:
        raise HTTPException(404)
    return answer(dict(zip(TASK, row[-WIDTH:])), f'"{row[VERSION]}"')


@app.get("/api/v1/teams/{team}/tasks")
async def list_tasks(team: UUID, user: Caller, limit: Annotated[int, Query(ge=1, le=200)] = 50) -> Response:
    # One more than is shown tells whether there is a next page, as in TaskHub.
    rows = await app.state.pool.fetch(LIST.sql, *LIST.arguments(user=user, team=str(team)))
    if not rows:
        raise HTTPException(404)
    # Behind the task is how many there are.
    items = [dict(zip(TASK, row[-WIDTH - 1 : -1])) for row in rows[:limit] if row[-1] is not None]
    more = str(items[-1]["number"]) if len(rows) > limit else None
    return answer({"items": items, "next_cursor": more}, f'W/"{rows[0][0]}"')


@app.post("/api/v1/teams/{team}/tasks")
async def create_task(team: UUID, body: CreateTask, user: Caller) -> Response:
    arguments = CREATE.arguments(
        user=user, team=str(team), new_ids=(new_id(), new_id()), title=body.title, description=body.description,
        status=body.status, priority=body.priority,
    )  # fmt: skip
    row = await app.state.pool.fetchrow(CREATE.sql, *arguments)
    if row is None:
        raise HTTPException(404)
    if not row[0]:
        raise HTTPException(403)
    return answer(dict(zip(TASK, row[-WIDTH:])), f'"{row[VERSION]}"', 201)


def new_id() -> str:
    """A UUIDv7, as TaskHub makes them: in order of time, which spares the index."""
    random = uuid4().hex
    moment = f"{time.time_ns() // 1_000_000:012x}"
    return f"{moment[:8]}-{moment[8:]}-7{random[13:16]}-{random[16:20]}-{random[20:]}"
