# Stands in for redis:7-alpine where no registry of images is reached. As there, other containers may connect.
FROM python:3.11-slim-trixie
RUN apt-get update && apt-get install -y --no-install-recommends redis-server && apt-get clean
RUN install -d -o redis -g redis /data \
    && printf '#!/bin/sh\nexec /usr/bin/redis-server "$@" --bind "*" --protected-mode no\n' >/usr/local/bin/redis-server \
    && chmod 755 /usr/local/bin/redis-server
USER redis
WORKDIR /data
VOLUME /data
CMD ["redis-server"]
