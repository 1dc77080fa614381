"""The plan's back end: FastAPI, the token read by PyJWT, the tasks of its subject by SQLModel."""

import os
from datetime import datetime
from typing import Annotated

import jwt
from fastapi import Depends, FastAPI, Header, HTTPException
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import Field, SQLModel, desc, select
from sqlmodel.ext.asyncio.session import AsyncSession

SECRET = os.environ["BETTER_AUTH_SECRET"]
# The workers together have as many connections as latchkey.
engine = create_async_engine(os.environ["API_DATABASE_URL"], pool_size=16 // int(os.environ["WEB_CONCURRENCY"]), max_overflow=0)
app = FastAPI()


class Task(SQLModel, table=True):
    id: str = Field(primary_key=True)
    user_id: str = Field(index=True)
    title: str
    description: str
    completed: bool
    priority: str
    due_date: str | None
    created_at: datetime
    updated_at: datetime


class Shown(BaseModel):
    id: str
    title: str
    description: str
    completed: bool
    priority: str
    dueDate: str | None
    createdAt: datetime
    updatedAt: datetime


class Tasks(BaseModel):
    tasks: list[Shown]


def caller(authorization: Annotated[str | None, Header()] = None) -> str:
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer":
        raise HTTPException(401, "Not authenticated")
    try:
        return jwt.decode(token, SECRET, algorithms=["HS256"])["sub"]
    except (jwt.InvalidTokenError, KeyError) as cause:
        raise HTTPException(401, "Not authenticated") from cause


async def session():
    async with AsyncSession(engine) as opened:
        yield opened


@app.get("/api/tasks")
async def tasks(user: Annotated[str, Depends(caller)], db: Annotated[AsyncSession, Depends(session)]) -> Tasks:
    found = await db.exec(select(Task).where(Task.user_id == user).order_by(desc(Task.created_at), desc(Task.id)).limit(50))
    return Tasks(
        tasks=[
            Shown(
                id=task.id,
                title=task.title,
                description=task.description,
                completed=task.completed,
                priority=task.priority,
                dueDate=task.due_date,
                createdAt=task.created_at,
                updatedAt=task.updated_at,
            )
            for task in found
        ]
    )
