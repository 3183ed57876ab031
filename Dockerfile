# The image holds the static binary and nothing else: no shell, no package, no
# root. Build the binary first ("make image" does both):
#
#   CGO_ENABLED=0 go build -o bin/esconform ./cmd/esconform
#   docker build -t esconform .
#   docker run --rm -v "$PWD/reports:/reports" esconform run --url https://es:9200 --ca-cert /reports/ca.pem
#
# The folder that is mounted over /reports has to be writable for user 65532.
# Public certificate authorities are in the binary; that of a cluster of your own
# is named with --ca-cert or --ca-fingerprint.
FROM scratch
COPY --chown=65532:65532 deploy/reports/ /reports/
COPY bin/esconform /esconform
USER 65532:65532
WORKDIR /reports
EXPOSE 9200
ENTRYPOINT ["/esconform"]
CMD ["run"]
