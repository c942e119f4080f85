# syntax=docker/dockerfile:1

# Everything is installed where compilers may be; only the result goes on.
FROM python:3.12-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/genesis
WORKDIR /src
# The dependencies first: they change less often than our own code.
COPY .ci/constraints.txt .ci/constraints.txt
COPY .ci/dependencies.py .ci/dependencies.py
COPY pyproject.toml ./
RUN python .ci/dependencies.py pyproject.toml > dependencies.txt \
    && /opt/genesis/bin/pip install -c .ci/constraints.txt -r dependencies.txt
COPY README.md ./
COPY bot bot
COPY db db
COPY engine engine
COPY migrations migrations
RUN /opt/genesis/bin/pip install --no-deps .

FROM python:3.12-slim
# The embedded PostgreSQL runs as this user; it refuses to run as root.
RUN useradd --create-home --uid 10001 genesis \
    && install -d -o genesis -g genesis -m 0700 /var/lib/genesis
# The base image comes without it, and this user could not keep it: each start, and each look at
# the health, would compile the standard library again.
RUN python -m compileall -q "$(python -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')"
COPY --from=build /opt/genesis /opt/genesis
# Whatever is kept, the demo's too, is kept in the volume: /var/lib/genesis is the default then.
ENV PATH=/opt/genesis/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    XDG_DATA_HOME=/var/lib \
    LOG_FORMAT=json
USER genesis
WORKDIR /var/lib/genesis
VOLUME /var/lib/genesis
EXPOSE 8000
# As Ctrl-C: orders are noted, the database is shut down in good order.
STOPSIGNAL SIGINT
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["python", "-c", \
    "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ.get('PORT', '8000') + '/health', timeout=4)"]
ENTRYPOINT ["genesis"]
CMD ["run"]
