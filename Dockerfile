# syntax=docker/dockerfile:1
# One image for web, worker, beat and migrate; docker-compose.yml says which.

FROM python:3.11-slim-bookworm AS build
ENV UV_PYTHON_DOWNLOADS=never PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
RUN python -m venv /venv && python -m pip install --no-cache-dir uv==0.13.9
COPY requirements.txt .
RUN uv pip sync --no-cache --python /venv/bin/python --require-hashes requirements.txt
COPY . .
# The hashed, compressed copies of static/. The keys are for this one command and stay in this stage.
RUN SECRET_KEY=build FIELD_KEYS=build:00000000000000000000000000000000 \
    BLIND_INDEX_KEY=0000000000000000000000000000000000000000000000000000000000000000 \
    DATABASE_URL=postgres://build@127.0.0.1/build REDIS_URL=redis://127.0.0.1/0 STATICFILES_MODE=manifest \
    /venv/bin/python manage.py collectstatic --no-input -v 0
RUN PACKAGES="$(/venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')" \
    && sed "s#@PACKAGES@#$PACKAGES#" deploy/fonts.conf > /app/deploy/fonts.local.conf

FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --no-log-init --home-dir /data --create-home --shell /usr/sbin/nologin yimen \
    && mkdir -p /data/media /data/fonts && chown -R yimen:yimen /data
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=build /app /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    STATICFILES_MODE=manifest MEDIA_ROOT=/data/media BEAT_STATE=/data/beat FONTCONFIG_FILE=/app/deploy/fonts.local.conf MALLOC_ARENA_MAX=2
USER yimen
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "-c", "deploy/gunicorn.conf.py", "config.wsgi"]
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD ["python", "deploy/healthcheck.py"]
