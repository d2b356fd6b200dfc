# Stands in for postgres:17-alpine where no registry of images is reached: as much of its entry as compose.yaml asks for.
FROM python:3.11-slim-trixie
RUN apt-get update && apt-get install -y --no-install-recommends postgresql-17 && apt-get clean
ENV PATH=/usr/lib/postgresql/17/bin:$PATH PGDATA=/var/lib/postgresql/data
RUN install -d -o postgres -g postgres -m 0700 /var/lib/postgresql/data /var/run/postgresql
COPY --chmod=755 postgres-entry /entry
USER postgres
VOLUME /var/lib/postgresql/data
CMD ["/entry"]
