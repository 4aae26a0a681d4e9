"""What every module of the API begins with: its router, under the address of version 1."""

from fastapi import APIRouter

V1 = "/api/v1"


def noun(name: str) -> APIRouter:
    return APIRouter(prefix=V1, tags=[name])
