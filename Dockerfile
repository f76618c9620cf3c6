# Three images: `web` serves requests, `scoring` adds what jobs on client files need, `vision` the benchmark's gigabytes of
# torch. docker-compose.yml says what each container runs.

FROM node:24-slim AS assets
WORKDIR /site
COPY package.json package-lock.json vendor.mjs ./
RUN mkdir static && npm ci --ignore-scripts --no-audit --no-fund && npm run --silent vendor

FROM python:3.13-slim AS base
# libgomp: LightGBM's threads.
RUN apt-get update && apt-get install -y --no-install-recommends libgomp1 && rm -rf /var/lib/apt/lists/*
RUN useradd --system --create-home --uid 10001 site
ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 STATE_DIR=/state STATIC_ROOT=/site/collected
# What jobs download and compile is kept with the state: the containers' own file systems are read-only.
ENV TORCH_HOME=/state/cache/torch HF_HOME=/state/cache/huggingface NUMBA_CACHE_DIR=/state/cache/numba
# The web processes of one container count together.
ENV PROMETHEUS_MULTIPROC_DIR=/tmp/metrics
WORKDIR /site
COPY requirements.txt ./
RUN pip install -r requirements.txt

FROM base AS web
COPY . .
COPY --from=assets /site/static/vendor static/vendor
# The key of the build signs nothing and is not kept. The folders of volumes are made here so that they belong to the
# account that writes to them.
RUN SECRET_KEY=of-the-build STATE_DIR=/tmp/build python manage.py compile_translations \
    && SECRET_KEY=of-the-build STATE_DIR=/tmp/build python manage.py collectstatic --noinput --verbosity 0 \
    && python -m compileall -q . \
    && mkdir -p /state/cache /state/imports /state/weights /run/secrets-of-site \
    && chown -R site:site /state /run/secrets-of-site
USER site
EXPOSE 8000
# PostgreSQL and Redis are not embedded in containers, which lack their programs: DATABASE_URL and REDIS_URL are required.
CMD ["python", "-m", "granian", "--interface", "rsgi", "--host", "0.0.0.0", "--port", "8000", "--no-ws", \
     "--http1-header-read-timeout", "10000", "--workers", "2", "--respawn-failed-workers", \
     "pretadepenser.server:application"]

# The packages before the code: a change of the code does not reinstall them.
FROM base AS scoring-packages
COPY worker/requirements.txt worker/
RUN pip install -r worker/requirements.txt

FROM scoring-packages AS vision-packages
COPY vision/requirements.txt vision/
RUN pip install -r vision/requirements.txt

FROM scoring-packages AS scoring
COPY --from=web /site /site
COPY --from=web --chown=site:site /state /state
USER site

FROM vision-packages AS vision
COPY --from=web /site /site
COPY --from=web --chown=site:site /state /state
USER site
