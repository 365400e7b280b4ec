# Porthole in one static binary on an empty file system.
#   docker build -t porthole .
# With passkeys: --build-arg FEATURES=passkeys

FROM node:22-bookworm-slim AS interface
WORKDIR /src/frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci --no-audit --no-fund
# The code generator reads the schema beside the folder.
COPY schema.graphql /src/
COPY frontend/ ./
RUN npm run build

# musl: nothing is linked at run time. aws-lc needs cmake and a C compiler for it.
FROM rust:1.95-alpine AS server
RUN apk add --no-cache build-base cmake perl linux-headers
WORKDIR /src
# rust-toolchain.toml is left out: the image is the toolchain, and the lints it names are not needed.
COPY Cargo.toml Cargo.lock schema.graphql ./
COPY api/ api/
COPY entity/ entity/
COPY migration/ migration/
COPY bench/bare/ bench/bare/
COPY --from=interface /src/frontend/dist frontend/dist
ARG FEATURES=
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/src/target \
    cargo build --release --locked --bin porthole --features "$FEATURES" && cp target/release/porthole /porthole
# The folder for SQLite, owned by the user below.
RUN mkdir /data

FROM scratch
COPY --from=server /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=server --chown=65532:65532 /data /data
COPY --from=server /porthole /porthole
USER 65532:65532
ENV PORTHOLE_LISTEN=0.0.0.0:8080
EXPOSE 8080
# SQLite's default path is data/porthole.db, so this keeps it in the volume.
WORKDIR /
VOLUME /data
ENTRYPOINT ["/porthole"]
CMD ["serve"]
