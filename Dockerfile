# The Discord bot, the page and the API in a container. The project (sources/, and what is made from it) is a volume:
#
#   docker build -t sourcebot .
#   docker run -d --name sourcebot --restart on-failure:5 -e SOURCEBOT_DISCORD_TOKEN \
#       -v "$PWD/my-archive:/project" sourcebot
#
# The page, for this machine (Linux), and for others, which needs tokens (docs/page.md):
#
#   docker run -d --network host -v "$PWD/my-archive:/project" sourcebot serve
#   docker run -d -p 8317:8317 -v "$PWD/my-archive:/project" sourcebot serve --host 0.0.0.0
#
# Other commands work as well: docker run --rm -v "$PWD/my-archive:/project" sourcebot ask "…"

FROM python:3.13-slim

WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY src ./src
RUN pip install --no-cache-dir -c constraints.txt ".[web,mcp]" && rm -rf /src

# Mounted folders must be writable for this user: chown 1000 my-archive, or run with --user.
RUN useradd --uid 1000 --create-home sourcebot && install -d -o sourcebot /project
USER sourcebot
WORKDIR /project
VOLUME /project

ENV PYTHONUNBUFFERED=1 \
    SOURCEBOT_PROJECT=/project \
    SOURCEBOT_DISCORD_HEALTH_PORT=8642
# The first start builds the index.
HEALTHCHECK --interval=30s --timeout=9s --start-period=5m CMD ["python", "-c", \
    "import contextlib, urllib.request\n\
for port in (8642, 8317):\n\
    with contextlib.suppress(ConnectionRefusedError, urllib.error.URLError):\n\
        urllib.request.urlopen(f'http://127.0.0.1:{port}/health', timeout=4)\n\
        raise SystemExit(0)\n\
raise SystemExit(1)"]

EXPOSE 8317
ENTRYPOINT ["sourcebot"]
CMD ["discord"]
