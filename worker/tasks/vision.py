"""Tasks of the vision application."""

from pretadepenser.celery import app
from vision.job_kinds import IMPORT_IMAGES, RUN_BENCHMARK, TRY_IMAGE
from vision.jobs.benchmark import run_benchmark
from vision.jobs.importing import import_images
from vision.jobs.trials import try_image
from worker.runtime import run_job


@app.task(name=IMPORT_IMAGES.name)
def vision_import_images(job_id: int) -> None:
    run_job(job_id, import_images)


@app.task(name=RUN_BENCHMARK.name)
def vision_run_benchmark(job_id: int) -> None:
    run_job(job_id, run_benchmark)


@app.task(name=TRY_IMAGE.name)
def vision_try_image(job_id: int) -> None:
    run_job(job_id, try_image)
