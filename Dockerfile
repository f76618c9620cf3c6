# Two images: `web` serves requests, `worker` adds the packages that jobs need (gigabytes of torch).
# docker-compose.yml says what each container runs.

FROM node:24-slim AS assets
WORKDIR /site
COPY package.json package-lock.json vendor.mjs ./
RUN mkdir static && npm ci --ignore-scripts --no-audit --no-fund && npm run --silent vendor

FROM python:3.13-slim AS base
# libgomp: LightGBM's threads.
RUN apt-get update && apt-get install -y --no-install-recommends libgomp1 && rm -rf /var/lib/apt/lists/*
RUN useradd --system --create-home --uid 10001 site
ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 STATE_DIR=/state
WORKDIR /site
COPY requirements.txt ./
RUN pip install -r requirements.txt

FROM base AS web
COPY . .
COPY --from=assets /site/static/vendor static/vendor
# The translations and the static files belong to the image; what jobs write are volumes, made here so that they belong to
# the account that writes them. The key of the build signs nothing and is not kept.
RUN SECRET_KEY=of-the-build python manage.py compile_translations \
    && SECRET_KEY=of-the-build python manage.py collectstatic --noinput --verbosity 0 \
    && mkdir -p /state/jobs /state/media /state/stores /state/vision /state/imports /state/weights \
    && chown -R site:site /state
USER site
EXPOSE 8000
# PostgreSQL and Redis are not embedded in containers: DATABASE_URL and REDIS_URL are required.
CMD ["python", "-m", "granian", "--interface", "rsgi", "--host", "0.0.0.0", "--port", "8000", "--no-ws", \
     "--http1-header-read-timeout", "10000", "--workers", "2", "--respawn-failed-workers", \
     "pretadepenser.server:application"]

# The packages before the code: a change of the code does not reinstall them.
FROM base AS worker
COPY worker/requirements.txt worker/
RUN pip install -r worker/requirements.txt
COPY --from=web /site /site
COPY --from=web --chown=site:site /state /state
USER site
