"""Tasks of the vision application."""

from vision.job_kinds import IMPORT_IMAGES, RUN_BENCHMARK, TRY_IMAGE
from vision.jobs.benchmark import run_benchmark
from vision.jobs.importing import import_images
from vision.jobs.trials import try_image
from worker.runtime import job_task

job_task(IMPORT_IMAGES, import_images)
job_task(RUN_BENCHMARK, run_benchmark)
job_task(TRY_IMAGE, try_image)
