"""The least there is to compare with: FastAPI's /health, for `uvicorn benchmarks.stage.minimal:app`."""

from fastapi import FastAPI

app = FastAPI()


@app.get("/health")
async def health() -> dict[str, str]:
    return {"status": "healthy", "version": "0"}
