# One image for every process; docker-compose.yml says which program of bin/ each container runs.
FROM python:3.13-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 VAR_DIR=/var/lib/openlines BIND_ADDRESS=0.0.0.0 PORT=8000
WORKDIR /srv/openlines
COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes --requirement requirements.txt
COPY . .
RUN useradd --system openlines && bin/prepare --files-only && install -d -o openlines "$VAR_DIR" "$VAR_DIR/media"
USER openlines
EXPOSE 8000
CMD ["bin/web"]
