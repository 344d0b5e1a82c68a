# Every role of Botpool that runs in a container, each one bundled file. No shell, no package manager: what is not
# there cannot be used against a client's bot. The last layer alone changes with the code.
ARG NODE_IMAGE=node:24-slim

# Node with the libraries that it loads, and nothing else of its image.
FROM ${NODE_IMAGE} AS node
RUN set -e; \
    mkdir -p /out/etc /out/tmp /out/app /owned/data; \
    for file in $(ldd /usr/local/bin/node | grep -o '/[^ )]*'); do cp --dereference --parents "$file" /out; done; \
    cp --parents /usr/local/bin/node /out; \
    printf 'root:x:0:0::/:/none\nnode:x:1000:1000::/data:/none\n' > /out/etc/passwd; \
    printf 'root:x:0:\nnode:x:1000:\n' > /out/etc/group; \
    printf 'hosts: files dns\n' > /out/etc/nsswitch.conf; \
    chmod 1777 /out/tmp; \
    find /out /owned -exec touch --no-dereference --date=@0 {} +

FROM scratch
COPY --from=node /out/ /
COPY --from=node --chown=1000:1000 /owned/ /
ENV PATH=/usr/local/bin NODE_ENV=production \
    UV_THREADPOOL_SIZE=2 MALLOC_ARENA_MAX=1 MALLOC_TRIM_THRESHOLD_=65536
USER 1000:1000
WORKDIR /app
ENTRYPOINT ["/usr/local/bin/node", "--max-semi-space-size=1", "--max-old-space-size=96", "--v8-pool-size=1", "--disable-warning=DEP0169"]
CMD ["pool-bot.cjs"]
COPY app/ /app/
