"""The anchor of bench_http: the same scores from FastAPI, as one would write it without this site.

``/memory/<client>`` predicts with everything in memory and no user. ``/stored/<client>`` looks up the caller's key and
the stored score in PostgreSQL, the least that a site with users has to do.
"""

import hashlib
import os
import threading
from pathlib import Path

import lightgbm as lgb
import numpy as np
import psycopg2
from fastapi import FastAPI, Header, HTTPException

FOLDER = Path(os.environ["ANCHOR_FOLDER"])
TOKEN = "SELECT user_id FROM core_apitoken WHERE key_hash = %s AND revoked_at IS NULL AND expires_at > now()"
SCORE = """
    SELECT score.probability, policy.threshold FROM credit_score AS score
    JOIN credit_modelversion AS version ON version.id = score.model_version_id AND version.status = 'active'
    JOIN credit_thresholdpolicy AS policy ON policy.model_version_id = version.id
    WHERE score.client_id = %s ORDER BY policy.number DESC LIMIT 1
"""

app = FastAPI()
model = lgb.Booster(model_str=(FOLDER / "model.txt").read_text())
features = np.load(FOLDER / "features.npy")
rows = {int(client): row for row, client in enumerate(np.load(FOLDER / "clients.npy"))}
connections = threading.local()


@app.get("/memory/{client}")
async def from_memory(client: int) -> dict[str, float]:
    if client not in rows:
        raise HTTPException(404)
    return {"client": client, "probability": float(model.predict(features[rows[client]][None, :])[0])}


@app.get("/stored/{client}")
def from_database(client: int, authorization: str = Header()) -> dict[str, float]:
    if not hasattr(connections, "open"):
        connections.open = psycopg2.connect(os.environ["ANCHOR_DATABASE"])
        connections.open.autocommit = True
    with connections.open.cursor() as cursor:
        cursor.execute(TOKEN, [hashlib.sha256(authorization.removeprefix("Bearer ").encode()).hexdigest()])
        if cursor.fetchone() is None:
            raise HTTPException(401)
        cursor.execute(SCORE, [client])
        row = cursor.fetchone()
    if row is None:
        raise HTTPException(404)
    return {"client": client, "probability": row[0], "threshold": row[1]}
